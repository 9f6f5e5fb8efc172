"""The variants of Dutch in product texts, and which of several texts a reader gets.

Tags are those of the IPDC and LPDC, in lower case as RDF compares them: `nl-be-x-formal` says u, `nl-be-x-informal` je.
Those of texts that the IPDC generated are shorter here: `x-generated-formal` is no language tag, as a subtag has eight
letters at most (https://www.rfc-editor.org/rfc/rfc5646#section-2.1); SPARQL refuses it, and parsers drop the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

NEUTRAL, FORMAL, INFORMAL = "nl", "nl-be-x-formal", "nl-be-x-informal"
GENERATED_FORMAL, GENERATED_INFORMAL = "nl-be-x-gen-formal", "nl-be-x-gen-informal"
_BROKEN = re.compile(rb"\b(nl-BE-x-|en-x-)generated\b", re.IGNORECASE)
VARIANTS = (NEUTRAL, FORMAL, INFORMAL)
DUTCH = (*VARIANTS, GENERATED_FORMAL, GENERATED_INFORMAL)
FOR_READERS = (INFORMAL, FORMAL, NEUTRAL, GENERATED_INFORMAL, GENERATED_FORMAL, "en", "fr", "de")


def repair_tags(data: bytes) -> bytes:
    """RDF or JSON-LD of the IPDC with valid tags instead of its own for generated texts; to be done before parsing.

    >>> repair_tags(b'"Dag"@nl-BE-x-generated-formal')
    b'"Dag"@nl-BE-x-gen-formal'
    """
    return _BROKEN.sub(rb"\1gen", data)


def preferred(texts: Iterable[str], order: Iterable[str] = FOR_READERS) -> str:
    """The language to show of those that there are; any when none is known, empty when there is none.

    >>> preferred({"en": "Hi", "nl": "Dag"}), preferred(["es"]), preferred([])
    ('nl', 'es', '')
    """
    there = list(texts)
    return next((language for language in order if language in there), next(iter(there), ""))


def text_of(texts: Mapping[str, Any] | None, order: Iterable[str] = FOR_READERS) -> str:
    """The text in that language; empty when there is none."""
    return str(texts[preferred(texts, order)]) if texts else ""
