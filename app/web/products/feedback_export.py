"""`/beheer/terugkoppeling.jsonld`: what readers said of the products of an administration, as the IPDC exchanges it.

Each is a schema:Conversation with a question and, once there is one, an answer. The texts come out of the vault, and
each reading is logged.
"""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.register.products.feedback import Opened, node_of, open_feedback
from app.register.products.own_products import owners_of
from app.register.register import Register
from app.store.feedback import STATES, Asked, list_feedback
from app.web.auth import agent_of
from app.web.paging import page_number
from app.web.service import Service

PATH = "/beheer/terugkoppeling.jsonld"
PER_PAGE = 100


def export(request: Request) -> Response:
    """A hundred at a time, what waits and what is settled; `?pagina=2` goes on."""
    service: Service = request.app.state.service
    register, agent = service.register, agent_of(request)
    register.rights.check(agent, "Change")
    asked = Asked(owners_of(agent, register), STATES)
    skipped = (page_number(request, "pagina") - 1) * PER_PAGE
    found = list_feedback(register.log.database, asked, PER_PAGE, skipped)
    opened = [open_feedback(each.id, agent, register) for each in found]
    body = {"@context": "https://schema.org/", "@graph": [conversation(each, register) for each in opened]}
    return Response(orjson.dumps(body), 200, {"cache-control": "no-store"}, "application/ld+json")


def conversation(opened: Opened, register: Register) -> dict[str, Any]:
    """https://schema.org/Conversation about a product."""
    given = opened.feedback
    node = node_of(given.id, register)
    question = {"@id": f"{node}#vraag", "@type": "Question", "dateCreated": given.created, "text": opened.text}
    answer = {"@id": f"{node}#antwoord", "@type": "Answer", "dateCreated": given.changed, "text": opened.answer}
    return {
        "@id": node,
        "@type": "Conversation",
        "about": {"@id": given.product},
        "dateCreated": given.created,
        "creativeWorkStatus": given.state,
        "hasPart": [part for part in (question, answer) if part["text"]],
    }


ROUTES = (Route(PATH, export),)
