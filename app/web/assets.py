"""Static files; those asked for by the digest of their content may be kept for ever."""

from __future__ import annotations

import os
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.web.answers import FRESH_FOREVER, FRESH_LONG


class Assets(StaticFiles):
    """A folder of static files."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, *args: Any, **kwargs: Any
    ) -> Response:
        """Tell how long a browser may keep the file."""
        response = super().file_response(full_path, stat_result, scope, *args, **kwargs)
        response.headers["cache-control"] = FRESH_FOREVER if scope["query_string"].startswith(b"v=") else FRESH_LONG
        return response
