"""Messages to programs, signed as https://www.standardwebhooks.com says, so that any of its libraries checks them.

send = webhook(Guarded().post)
send(recipient, delivery, now)          # Result(sent=True, text="HTTP 204")
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import datetime

import orjson

from app.exchange.guarded import Answer, NotAllowed, Unreachable
from app.exchange.telling.sending import Result
from app.register.telling.recipients import Recipient
from app.store.deliveries import MESSAGE, Delivery

Post = Callable[[str, Mapping[str, str], bytes], Answer]
GONE = 410
LONGEST_WAIT = 86_400


def webhook(post: Post) -> Callable[[Recipient, Delivery, datetime], Result]:
    """What sends one message and says what came of it."""

    def send(recipient: Recipient, delivery: Delivery, now: datetime) -> Result:
        body = payload(delivery)
        try:
            answer = post(recipient.address, headers(recipient.secret, delivery.id, body, now), body)
        except NotAllowed as error:
            return Result(False, str(error), final=True)
        except Unreachable as error:
            return Result(False, str(error))
        return _result(answer)

    return send


def payload(delivery: Delivery) -> bytes:
    """The type, the time at which it happened, and the message."""
    message = orjson.loads(delivery.body)
    type = f"{message['soort']}.{message['handeling']}" if delivery.kind == MESSAGE else delivery.kind
    return orjson.dumps({"type": type, "timestamp": message.get("tijdstip", delivery.created), "data": message})


def headers(secret: str, id: str, body: bytes, now: datetime) -> dict[str, str]:
    """The id, the same at every attempt; the time of this attempt; and the signature over both and the body.

    https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
    """
    seconds = str(int(now.timestamp()))
    key = b64decode(secret.removeprefix("whsec_"))
    signature = b64encode(hmac.digest(key, b".".join((id.encode(), seconds.encode(), body)), "sha256")).decode()
    return {
        "content-type": "application/json",
        "user-agent": "verenigingsloket",
        "webhook-id": id,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{signature}",
    }


def _result(answer: Answer) -> Result:
    text = f"HTTP {answer.status}"
    if 200 <= answer.status < 300:
        return Result(True, text)
    if answer.status == GONE:
        # "the sender should disable the endpoint": same specification, Operational considerations.
        return Result(False, text, final=True, gone=True)
    wait = min(answer.retry_after, LONGEST_WAIT) if answer.retry_after else None
    return Result(False, text, wait=wait)
