"""Static files; those asked for by the digest of their content may be kept for ever.

Large ones go out in parts, which `compress` lets pass: they are packed here, once for all.
"""

from __future__ import annotations

import gzip
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.web.answers import FRESH_FOREVER, FRESH_LONG
from app.web.sparql.answer import LEVEL, takes_gzip

LARGE = FileResponse.chunk_size
TEXTS = (".js", ".css", ".txt")


class Assets(StaticFiles):
    """A folder of static files."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, *args: Any, **kwargs: Any
    ) -> Response:
        """Tell how long a browser may keep the file."""
        response = super().file_response(full_path, stat_result, scope, *args, **kwargs)
        response.headers["cache-control"] = FRESH_FOREVER if scope["query_string"].startswith(b"v=") else FRESH_LONG
        is_large_text = stat_result.st_size >= LARGE and Path(full_path).suffix in TEXTS
        if not is_large_text or not isinstance(response, FileResponse):
            return response
        response.headers.add_vary_header("Accept-Encoding")
        if not takes_gzip(Headers(scope=scope).get("accept-encoding", "")):
            return response
        kept = {name: value for name, value in response.headers.items() if name not in ("content-length", "etag")}
        head = {**kept, "content-encoding": "gzip", "etag": f"W/{response.headers['etag']}"}
        return Response(packed(str(full_path), stat_result.st_mtime_ns), headers=head)


@lru_cache(maxsize=32)
def packed(path: str, changed: int) -> bytes:
    """The file as it was at that moment, packed."""
    return gzip.compress(Path(path).read_bytes(), LEVEL, mtime=0)
