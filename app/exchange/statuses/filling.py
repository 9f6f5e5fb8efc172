"""Messages to other systems whose form is data: a JSON file in which `"$naam"` stands for a value.

>>> fill({"_aanname": "niet publiek", "Naam": "$naam", "Adres": {"Bus": "$bus"}}, {"naam": "Feest", "bus": ""})
{'Naam': 'Feest'}

What is empty falls away with its key, and so does what only held that; keys that begin with `_` are for who reads the
file: there stands what is assumed, because the other side has not said it in public.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from app.errors import BadSetting

# Whatever holds one of these is nothing without it.
NEEDED = frozenset({"Waarde", "Sleutel"})
EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True)
class Template:
    """A message, and what else its file tells (without the `_`): `aanname` is what was assumed to write it."""

    body: Mapping[str, Any] = field(repr=False)
    told: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def filled(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The message with these values."""
        found = fill(self.body, values)
        return found if isinstance(found, dict) else {}


def read_template(path: Path) -> Template:
    """The template in a file; raises BadSetting when it is not there or no JSON object."""
    try:
        body = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        raise BadSetting(f"Het sjabloon {path} is geen leesbaar JSON-bestand.") from None
    if not isinstance(body, dict):
        raise BadSetting(f"Het sjabloon {path} is geen JSON-object.")
    told = {key[1:]: value for key, value in body.items() if key.startswith("_")}
    return Template(body, told)


def fill(part: Any, values: Mapping[str, Any]) -> Any:
    """A part of a template with these values; None where nothing is left of it."""
    if isinstance(part, Mapping):
        inner = {key: fill(each, values) for key, each in part.items() if not key.startswith("_")}
        # A pair without a value tells nothing: {"Sleutel": "Bus", "Waarde": "$bus"}.
        if any(_lacks(each, values) for key, each in part.items() if key in NEEDED):
            return None
        return {key: each for key, each in inner.items() if each not in EMPTY} or None
    if isinstance(part, list):
        return [found for each in part if (found := fill(each, values)) not in EMPTY] or None
    if isinstance(part, str) and part.startswith("$"):
        return values.get(part[1:])
    return part


def _lacks(part: Any, values: Mapping[str, Any]) -> bool:
    return isinstance(part, str) and part.startswith("$") and values.get(part[1:]) in EMPTY
