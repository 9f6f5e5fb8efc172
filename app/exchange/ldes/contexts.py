"""JSON-LD contexts that others refer to, from our own files: none is ever fetched.

A page names a context by an address on the publisher's own server; what it means, only the name of the file tells, for
everybody hosts copies of the same official ones: https://github.com/Informatievlaanderen/ipdc-lpdc
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from app.errors import Refused

FOLDER = "ontology/context/ipdc"
MODEL, STREAM = "ipdc-lpdc-im", "ldes"
BOTH = "ipdc-lpdc-im-hydra-ldes"
Contexts = Mapping[str, Any]


def load_contexts(root: Path) -> Contexts:
    """What each known name stands for."""
    found = {name: _context(root / FOLDER / f"{name}.jsonld") for name in (MODEL, STREAM)}
    return {**found, BOTH: [found[MODEL], found[STREAM]], "hydra": {}}


def localised(context: Any, known: Contexts) -> Any:
    """A context with what stands for each address in its place; raises Refused for an address that we do not know."""
    if isinstance(context, list):
        return [part for each in context for part in _parts(localised(each, known))]
    if not isinstance(context, str):
        return context
    name = context.strip().rpartition("/")[2].partition("?")[0].removesuffix(".jsonld").removesuffix(".json")
    if name not in known:
        raise Refused(f"De JSON-LD-context {context} kennen we niet, en we halen er geen op.")
    return known[name]


def _parts(context: Any) -> list[Any]:
    return context if isinstance(context, list) else [context]


def _context(path: Path) -> Any:
    return orjson.loads(path.read_bytes())["@context"]
