"""Where messages go, and the tokens of their links: in the vault, read for each sending, and the access logged."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hmac import compare_digest

from app.register.register import Register
from app.store.subscriptions import Subscription
from app.store.transaction import Transaction
from app.store.vault import Personal, Use

EMAIL, WEBHOOK = "e-mail", "webhook"
CONFIRMING, STOPPING = "bevestigen", "afmelden"
ADDRESS, SECRET = "adres", "geheim"
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
    with register.log.transaction() as transaction:
        kept = _kept(known.id, register, transaction, reader)
    if ADDRESS not in kept:
        return None
    return Recipient(kept[ADDRESS], kept.get(SECRET, ""), kept[CONFIRMING], kept[STOPPING])


def keep_address(id: str, channel: str, address: str, register: Register, transaction: Transaction) -> None:
    """Put the address of a new subscription in the vault, with its tokens; a webhook gets a secret to sign with."""
    values = {ADDRESS: address, **{use: _token(id, use, transaction) for use in (CONFIRMING, STOPPING)}}
    if channel == WEBHOOK:
        # 24 to 64 bytes, in base64:
        # https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#symmetric
        values[SECRET] = "whsec_" + b64encode(transaction.blind(f"abonnement/geheim/{id}")).decode()
    node = node_of(id, register)
    transaction.keep([Personal(node, node, values)])


def forget_address(id: str, register: Register, transaction: Transaction) -> None:
    """Take it out of the vault; only the token to stop stays, so that stopping twice is no error."""
    token = _kept(id, register, transaction).get(STOPPING, "")
    node = node_of(id, register)
    transaction.keep([Personal(node, node, {STOPPING: token})])


def has_token(id: str, use: str, token: str, register: Register, transaction: Transaction) -> bool:
    """Whether this is the token of a link in a message of this subscription."""
    right = _kept(id, register, transaction).get(use, "")
    return bool(right) and compare_digest(token.encode(), right.encode())


def node_of(id: str, register: Register) -> str:
    """Under what the vault keeps the address of a subscription."""
    return f"{register.schema.base}/abonnement/{id}"


def _kept(id: str, register: Register, transaction: Transaction, reader: str = "systeem") -> Mapping[str, str]:
    kept = transaction.personal(node_of(id, register), Use(reader, PURPOSE, what="verwerkt"))
    return next((one.values for one in kept if one.values), {})


def _token(id: str, use: str, transaction: Transaction) -> str:
    """Nobody can guess it without the key of the vault; kept, for the key can be changed and old links must work."""
    return urlsafe_b64encode(transaction.blind(f"abonnement/{use}/{id}")[:18]).decode()
