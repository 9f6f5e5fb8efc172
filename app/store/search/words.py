"""From text to the words by which it is found: without case, accents and small words; `st` is `sint`.

>>> words("V.Z.W. De Élan St.-Niklaas, 'k_ben")
['vzw', 'elan', 'sint', 'niklaas', 'k', 'ben']

The register drops `.` and reads `_` and `-` as a space, so that `0428.315.871` and `v.z.w.` are one word each.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SILENT = frozenset(
    ("de", "het", "een", "en", "van", "te", "in", "op", "aan", "met", "voor", "der", "den", "des", "er", "om", "bij",
     "tot", "uit", "of")
)  # fmt: skip
SAME = {"st": "sint", "ste": "sint", "sinte": "sint", "snt": "sint"}
_DOT = re.compile(r"\.")
_ABBREVIATED = re.compile(r"\b(st|ste|snt)\.(?=\w)")
_WORD = re.compile(r"[^\W_]+")
_PATTERN = re.compile(r"[^\W_*?]+|[*?]")


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """Small letters without accents.

    >>> plain("Élan & Œuvre")
    'elan & œuvre'
    """
    text = text.casefold()
    if text.isascii():
        return text
    return "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))


def words(text: str) -> list[str]:
    """The words of a text in their order; words that tell nothing are left out."""
    return [SAME.get(word, word) for word in all_words(text) if word not in SILENT]


def all_words(text: str) -> list[str]:
    """The words of a text in their order, small ones too."""
    return _WORD.findall(_DOT.sub("", _ABBREVIATED.sub(r"\1 ", plain(text))))


def pattern(text: str) -> str:
    """What a word with `*` and `?` in it looks for; empty when nothing is left.

    >>> pattern("Éla?.*")
    'ela?*'
    """
    return "".join(_PATTERN.findall(_DOT.sub("", plain(text))))
