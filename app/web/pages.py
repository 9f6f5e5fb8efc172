"""HTML pages from templates: one environment, and the words in which Dutch writes dates and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request

from app.model.wording import day, moment
from app.web.service import Service

HERE = Path(__file__).parent


class Pages:
    """The templates, ready to be rendered."""

    def __init__(self, service: Service) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= FILTERS
        self._environment.globals |= {"service": service, "asset": self._asset}

    def render(self, template: str, path: str, values: Mapping[str, Any]) -> bytes:
        """A whole page; `path` is where it stands, for the menu."""
        return self._environment.get_template(template).render(path=path, **values).encode()

    def _asset(self, name: str) -> str:
        """The address of a static file; it changes with the content, so browsers may keep it for ever."""
        return f"/static/{name}?v={self._digests[name]}"

    @cached_property
    def _digests(self) -> dict[str, str]:
        static = HERE / "static"
        files = (file for file in static.rglob("*") if file.is_file())
        return {
            file.relative_to(static).as_posix(): blake2b(file.read_bytes(), digest_size=6).hexdigest() for file in files
        }


def page(request: Request, template: str, **values: Any) -> bytes:
    """Render a template for this request."""
    pages: Pages = request.app.state.pages
    return pages.render(template, request.url.path, values)


def number(value: int) -> str:
    """
    >>> number(12345)
    '12.345'
    """
    return f"{value:,}".replace(",", ".")


def size(bytes: int) -> str:
    """
    >>> size(950), size(2_500_000)
    ('1 kB', '2,5 MB')
    """
    for unit, one in (("GB", 1e9), ("MB", 1e6)):
        if bytes >= one:
            return f"{bytes / one:.1f} {unit}".replace(".", ",")
    return f"{max(1, round(bytes / 1000))} kB"


def json_ld(body: bytes) -> Markup:
    """JSON for inside a script element: nothing in it can close the element."""
    return Markup(body.decode().replace("<", "\\u003c"))


FILTERS = {"datum": day, "moment": moment, "getal": number, "grootte": size, "json_ld": json_ld}
