"""One key for the many ways to write a name."""

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES_AND_DOTS = re.compile(r"['’‘`´.]")
_REST = re.compile(r"[^a-z0-9]+")
_SHORT_FORMS = {"st": "sint", "olv": "onzelievevrouw", "o": "op", "d": "den"}


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """Without case, accents, punctuation and blanks; `St.-Niklaas` as `sintniklaas`, `&` as `en`, `v.z.w.` as `vzw`."""
    text = unicodedata.normalize("NFKD", text.replace("&", " en ").replace("+", " en ")).casefold()
    text = "".join(mark for mark in text if not unicodedata.combining(mark)) if not text.isascii() else text
    text = _APOSTROPHES_AND_DOTS.sub(lambda mark: "" if mark[0] != "." else "\x00", text)
    words = _REST.sub(" ", re.sub(r"\x00(?!\s|$|-)", "", text)).split()
    return "".join(_SHORT_FORMS.get(word, word) for word in words)
