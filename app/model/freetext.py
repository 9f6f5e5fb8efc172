"""Free text: one Unicode form, no HTML, nothing invisible, no letters that pose as others."""

import re
import unicodedata

_REFUSED = "Deze waarde bevat niet toegestane tekens."
_EMPTY = "Dit veld is leeg."
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_EXCEL_RETURN = re.compile(r"_x000[dD]_")
# Zero-width and direction marks, soft hyphen, byte order mark, tags: they change nothing that a reader sees.
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0e\ufeff\U000e0000-\U000e0fff]"
)
# Full-width and mathematical letters look like plain ones and mean the same.
_DRESSED_UP = re.compile(r"[\uff01-\uff5e\U0001d400-\U0001d7ff]+")
_FOREIGN = re.compile(r"[\u0370-\u03ff\u0400-\u052f\u0530-\u058f\u13a0-\u13ff\u1c80-\u1c8f\ua640-\ua69f]")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_BLANKS = re.compile(r"\s+")
_BLANKS_IN_LINE = re.compile(r"[^\S\n]+")


def validate_text(text: str, multiline: bool = False) -> str:
    """Text as a reader sees it, on one line unless `multiline`; refuses HTML, control characters and posing letters."""
    if not text.isascii():
        text = _plain(text)
    if ">" in text.partition("<")[2]:
        raise ValueError(_REFUSED)
    text = _lines(text) if multiline else _BLANKS.sub(" ", _EXCEL_RETURN.sub(" ", text)).strip()
    if _CONTROL.search(text):
        raise ValueError(_REFUSED)
    if not text:
        raise ValueError(_EMPTY)
    return text


def _plain(text: str) -> str:
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    text = _DRESSED_UP.sub(lambda letters: unicodedata.normalize("NFKC", letters[0]), text)
    # A Cyrillic \u0430 in a Latin name makes a second name that looks equal: a mixed-script confusable.
    # https://www.unicode.org/reports/tr39/#Mixed_Script_Detection
    if _FOREIGN.search(text) and any(_FOREIGN.search(word) and _LATIN.search(word) for word in _WORD.findall(text)):
        raise ValueError("Deze waarde mengt letters uit verschillende alfabetten. Typ ze opnieuw.")
    return text


def _lines(text: str) -> str:
    text = re.sub(r"\r\n?|[\v\f\x85\u2028\u2029]", "\n", _EXCEL_RETURN.sub("\n", text))
    text = re.sub(r" ?\n ?", "\n", _BLANKS_IN_LINE.sub(" ", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def validate_person_name(text: str) -> str:
    """A first or last name: at least one letter, no digits."""
    name = validate_text(text)
    if any(mark.isdigit() for mark in name):
        raise ValueError("Een naam bevat geen cijfers.")
    if not any(mark.isalpha() for mark in name):
        raise ValueError("Een naam bevat minstens één letter.")
    return name
