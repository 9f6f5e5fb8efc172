"""Where messages go: read from the vault for each sending, and the access logged."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass, field

from app.register.register import Register
from app.store.subscriptions import Subscription
from app.store.transaction import Transaction
from app.store.vault import Personal, Use

EMAIL, WEBHOOK = "e-mail", "webhook"
CONFIRMING, STOPPING = "bevestigen", "afmelden"
PURPOSE = "meldingen versturen"


@dataclass(frozen=True)
class Recipient:
    """Where messages go, and the tokens that only who reads them knows."""

    address: str = field(repr=False)
    secret: str = field(repr=False)
    confirming: str = field(repr=False)
    stopping: str = field(repr=False)


def recipient_of(known: Subscription, register: Register, reader: str = "systeem") -> Recipient | None:
    """Where its messages go: the access is logged. None when the address was forgotten."""
    node = node_of(known.id, register)
    with register.log.transaction() as transaction:
        kept = transaction.personal(node, Use(reader, PURPOSE, what="verwerkt"))
        tokens = [token_of(known.id, use, transaction) for use in (CONFIRMING, STOPPING)]
    values = next((one.values for one in kept if one.values), None)
    return None if values is None else Recipient(values["adres"], values.get("geheim", ""), *tokens)


def keep_address(id: str, channel: str, address: str, register: Register, transaction: Transaction) -> None:
    """Put the address of a new subscription in the vault; a webhook gets a secret to sign with."""
    values = {"adres": address}
    if channel == WEBHOOK:
        # 24 to 64 bytes, in base64:
        # https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#symmetric
        values["geheim"] = "whsec_" + b64encode(transaction.blind(f"abonnement/geheim/{id}")).decode()
    node = node_of(id, register)
    transaction.keep([Personal(node, node, values)])


def forget_address(id: str, register: Register, transaction: Transaction) -> None:
    """Take it out of the vault."""
    node = node_of(id, register)
    transaction.keep([Personal(node, node, None)])


def token_of(id: str, use: str, transaction: Transaction) -> str:
    """What only the reader of a message can know: nothing is kept of it, for the key of the vault makes it again."""
    return urlsafe_b64encode(transaction.blind(f"abonnement/{use}/{id}")[:18]).decode()


def node_of(id: str, register: Register) -> str:
    """Under what the vault keeps the address of a subscription."""
    return f"{register.schema.base}/abonnement/{id}"
