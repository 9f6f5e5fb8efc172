"""The header and footer of the Flemish government, where a setting switches them on.

They are scripts of another host, given out with an identifier of one's own (Mijn Burgerprofiel, widgets v5); they
cannot be shipped. Without them, or without script, our own header and footer say all there is to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.errors import BadSetting

_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
# What the widget may do that our pages do not: run from its host, ask it, show its styles, letters and pictures.
_OPENED = ("script-src", "style-src", "img-src", "font-src", "connect-src")


@dataclass(frozen=True)
class Widgets:
    """Where the widgets come from, and which; an empty identifier is one that is off."""

    host: str
    header: str = ""
    footer: str = ""

    def address(self, id: str) -> str:
        """The script that puts a widget where it stands."""
        return f"{self.host}/api/v2/widget/{id}/embed"

    def opened(self, policy: str) -> str:
        """Our policy, with that one host let in.

        >>> Widgets("https://w.example", "x").opened("default-src 'none'; script-src 'self'")
        "default-src 'none'; script-src 'self' https://w.example; frame-src https://w.example"
        """
        parts = [part.strip() for part in policy.split(";")]
        let_in = (f"{part} {self.host}" if part.split(" ")[0] in _OPENED else part for part in parts)
        return "; ".join((*let_in, f"frame-src {self.host}"))


def widgets_of(host: str, header: str, footer: str) -> Widgets | None:
    """None when both are off; raises BadSetting for what is no host of widgets, or no identifier."""
    if not (header or footer):
        return None
    parts = urlsplit(host)
    if parts.scheme != "https" or not parts.hostname or host != f"https://{parts.netloc}" or re.search(r"[\s;,]", host):
        raise BadSetting("De instelling widgets_host is geen adres zoals https://widgets.voorbeeld.be.")
    for name, id in (("widget_header", header), ("widget_footer", footer)):
        if id and not _ID.fullmatch(id):
            raise BadSetting(f"De instelling {name} is geen kenmerk van een widget (een UUID).")
    return Widgets(host, header, footer)
