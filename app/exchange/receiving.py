"""What comes of telling another system something: taken, refused for good, later, or nobody knows.

A timeout does not say whether the other side took it. Whoever tells again then may tell twice, so whoever can ask asks
first: see `statuses.telling`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import httpx

from app.exchange.neighbour import Line

MOST_TOLD = 300


class Fate(Enum):
    """What became of a message."""

    TAKEN = "aanvaard"
    REFUSED = "geweigerd"
    LATER = "later"
    UNSURE = "onzeker"


@dataclass(frozen=True)
class Verdict:
    """The fate of a message, in words, and the seconds after which to come back if the other side says so."""

    fate: Fate
    text: str
    wait: int = 0


def tell(line: Line, request: httpx.Request, reference: str) -> Verdict:
    """Send once, and say what came of it.

    | answer | fate |
    |---|---|
    | 2xx; 409: it has this one | taken |
    | 400, 413, 415, 422: it will never take this | refused |
    | 429, 401, 403, 404, 3xx; no connection was made: it did not take it, and may later | later |
    | 5xx, no answer, a connection that broke | unsure |
    """
    attempt = line.attempt(request, reference)
    answer = attempt.answer
    if answer is None:
        return Verdict(Fate.UNSURE if attempt.sent else Fate.LATER, attempt.why, attempt.wait)
    status = answer.status_code
    text = f"HTTP {status}"
    if answer.is_success or status == 409:
        return Verdict(Fate.TAKEN, text)
    if status in (400, 413, 415, 422):
        return Verdict(Fate.REFUSED, f"{text}: {said(answer)}")
    fate = Fate.UNSURE if status >= 500 else Fate.LATER
    return Verdict(fate, text, attempt.wait)


def said(answer: httpx.Response) -> str:
    """What the other side says is wrong, in one line."""
    try:
        told = answer.json()
        text = str(told.get("detail") or told.get("title") or told.get("message") or answer.text)
    except (ValueError, AttributeError):
        text = answer.text
    return " ".join(text.split())[:MOST_TOLD]
