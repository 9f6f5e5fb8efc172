"""`/bouwstenen`: which building blocks there are and are connected; for who operates the service, how each does."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.exchange.blocks import Health, health_of, in_words
from app.store.checks import calls
from app.web.auth import visitor_of
from app.web.blocks_drawing import narrow, tone_of, wide
from app.web.pages import page
from app.web.service import Service

OPERATE = "Operate"
SHOWN = 20


def show(request: Request) -> Response:
    """The picture and the table; calls only for who may."""
    service: Service = request.app.state.service
    rows = rows_of(service)
    visitor = visitor_of(request)
    operates = visitor is not None and service.register.rights.may(visitor, OPERATE)
    if request.url.path.endswith(".json"):
        body = orjson.dumps({"bouwstenen": [told(row, operates) for row in rows]}, option=orjson.OPT_INDENT_2)
        return Response(body, headers={"cache-control": "no-store"}, media_type="application/json")
    values: dict[str, Any] = {"rows": rows, "operates": operates, "tone": tone_of, "in_words": in_words}
    if operates:
        values["calls"] = calls(service.log.database, SHOWN)
    html = page(request, "bouwstenen.html", wide=wide(rows), narrow=narrow(rows), **values)
    return Response(html, headers={"cache-control": "no-store"}, media_type="text/html")


def rows_of(service: Service) -> list[Health]:
    """How each block does."""
    lines = (*service.neighbours, *(teller.receiver.line for teller in service.tellers))
    rests = {line.name: line.breaker.seconds_closed() for line in lines}
    return [health_of(block, service.connected, rests, service.log.database) for block in service.blocks]


def told(row: Health, operates: bool) -> dict[str, Any]:
    """One block as JSON; nobody else learns where it is and what goes wrong."""
    known = {"sleutel": row.block.key, "naam": row.block.label, "uitleg": row.block.what,
             "richting": row.block.way, "aangesloten": row.connected}  # fmt: skip
    if not operates:
        return known
    wrong = {"tijdstip": row.wrong.time, "wat": in_words(row.wrong.outcome)} if row.wrong else None
    return known | {
        "host": row.host, "laatste": row.last.time if row.last else None, "laatsteFout": wrong,
        "wacht": row.waiting, "mislukt": row.failed, "rustSeconden": row.rest,
    }  # fmt: skip


ROUTES = (Route("/bouwstenen", show), Route("/bouwstenen.json", show))
