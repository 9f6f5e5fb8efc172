"""The addresses by which machines see how the service is doing.

| address | for | answers 503 when |
|---|---|---|
| /health | who watches: is the process there, how far is everything? | never; who gets no answer restarts it |
| /ready | a balancer: may requests come here? | the log cannot be read, or a store is too far behind it |
"""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import LoketError
from app.store.deliveries import count_deliveries
from app.store.outbox import count_notices
from app.store.subscriptions import count_subscriptions
from app.web.metrics import applied
from app.web.service import Service

# Some seconds' worth of the fastest import that we know of.
TOO_FAR_BEHIND = 2000


def health(request: Request) -> Response:
    """How far the log is, and each store behind it; 200 as soon as requests are answered."""
    service: Service = request.app.state.service
    sequence, stores = service.log.head(), applied(service)
    body = {
        "status": "ok",
        "version": service.version,
        "role": service.role(),
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
    return answer(body)


def ready(request: Request) -> Response:
    """Whether this process can answer as it should, and if not, what it waits for."""
    waiting = waiting_for(request.app.state.service)
    return answer({"ready": not waiting, "waiting": waiting}, 503 if waiting else 200)


def waiting_for(service: Service) -> list[str]:
    """What keeps this process from answering well: the log, or stores by name."""
    try:
        head = service.log.head()
    except LoketError:
        return ["log"]
    return [name for name, sequence in applied(service).items() if head - sequence > TOO_FAR_BEHIND]


def answer(body: object, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, {"cache-control": "no-store"}, "application/json")


ROUTES = (Route("/health", health), Route("/ready", ready))
