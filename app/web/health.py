"""The addresses by which machines see how the service is doing.

| address | for | answers 503 when |
|---|---|---|
| /health | who watches: is the process there, how far is everything? | never; who gets no answer restarts it |
| /ready | a balancer: may requests come here? | the log cannot be read, or a store is too far behind it |
"""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import LoketError
from app.store.deliveries import count_deliveries
from app.store.outbox import count_notices
from app.store.subscriptions import count_subscriptions
from app.web.edge.metrics import applied
from app.web.service import Service

# Some seconds' worth of the fastest import that we know of.
TOO_FAR_BEHIND = 2000


def health(request: Request) -> Response:
    """How far the log is, and each store behind it; 200 as soon as requests are answered.

    Without its database or engine, too: starting this process again would bring neither back.
    """
    service: Service = request.app.state.service
    body: dict[str, Any] = {"status": "ok", "version": service.version, "role": service.role()}
    try:
        body |= how_far(service)
    except LoketError as error:
        body |= {"status": error.title, "sequence": None, "behind": None}
    return answer(body)


def how_far(service: Service) -> dict[str, Any]:
    """What the log and the stores say of themselves; raises Unavailable."""
    sequence, stores = service.log.head(), applied(service)
    return {
        "sequence": sequence,
        "telling": {
            "outbox": count_notices(service.log.database),
            "deliveries": count_deliveries(service.log.database),
            "subscriptions": count_subscriptions(service.log.database),
        },
        "chores": {"failed": [row.key for row in service.chores.outcomes() if row.failed]},
        "applied": stores,
        "behind": max(0, sequence - min(stores.values())),
    }


def ready(request: Request) -> Response:
    """Whether this process can answer as it should, and if not, what it waits for."""
    waiting = waiting_for(request.app.state.service)
    return answer({"ready": not waiting, "waiting": waiting}, 503 if waiting else 200)


def waiting_for(service: Service) -> list[str]:
    """What keeps this process from answering well: the log, or stores by name."""
    waiting = []
    head = 0
    try:
        head = service.log.head()
    except LoketError:
        waiting.append("log")
    for name, graphs in (("public", service.public), ("internal", service.internal)):
        try:
            behind = head - graphs.applied() > TOO_FAR_BEHIND
        except LoketError:
            behind = True
        waiting += [name] if behind else []
    return waiting


def answer(body: object, status: int = 200) -> Response:
    """JSON of this moment, which nobody keeps."""
    return Response(orjson.dumps(body), status, {"cache-control": "no-store"}, "application/json")


ROUTES = (Route("/health", health), Route("/ready", ready))
