"""The token with which a client confirms that its association is none of the possible doubles that it was shown.

It holds the codes that were shown and until when it counts, signed with a key that comes from that of the vault and
bound to the very same request by the same organisation: it confirms nothing else, and no candidate that came later.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hmac import compare_digest

from app.errors import Refused
from app.model.identifiers import validate_v_code
from app.web.v1.call import Call

HEADER = "vr-bevestigingstoken"
COUNTS_FOR = timedelta(hours=24)
WRONG = "Het bevestigingstoken is niet geldig voor deze request."


def token_for(call: Call, codes: tuple[str, ...]) -> str:
    """Confirms, for a day, that none of these is the association in this request."""
    until = int((call.service.clock() + COUNTS_FOR).timestamp())
    said = f"{until:x}.{'-'.join(codes)}"
    return f"{said}.{_signature(call, said)}"


def confirmed(call: Call) -> tuple[str, ...]:
    """The codes that the client confirms not to mean, none without a token; raises Refused for one that is not ours."""
    token = token_of(call)
    if not token:
        return ()
    said, _, signature = token.rpartition(".")
    if not token.isascii() or not compare_digest(signature, _signature(call, said)):
        raise Refused(WRONG)
    until, _, codes = said.partition(".")
    if call.service.clock() > datetime.fromtimestamp(int(until, 16), call.service.clock().tzinfo):
        raise Refused("Het bevestigingstoken is verlopen. Vraag een nieuw door opnieuw te registreren zonder token.")
    return tuple(validate_v_code(code) for code in codes.split("-"))


def token_of(call: Call) -> str:
    """The token that came along; empty without one."""
    return call.request.headers.get(HEADER, "").strip(" \t")


def _signature(call: Call, said: str) -> str:
    return call.service.log.blind(f"bevestiging|{call.agent.iri}|{call.digest}|{said}").hex()
