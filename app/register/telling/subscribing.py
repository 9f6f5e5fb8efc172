"""Who is told of what: asking for it, agreeing by e-mail, changing and stopping.

    made = subscribe(Subscribe("gemeente/44021", ("nieuw", "bankrekening"), "e-mail", "…"), agent, register, offer)
    confirm(made.id, token, register)
    unsubscribe(Unsubscribe(made.id, token), None, register)

An e-mail address counts only once its owner agreed, with the token in the first mail: nobody can have another spammed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import orjson

from app.errors import Problem, Refused, Unknown
from app.register import agents
from app.register.agents import Agent
from app.register.products.audience import manages, subject_in
from app.register.register import Register
from app.register.telling.commands import ChangeSubscription, Subscribe, Unsubscribe
from app.register.telling.messages import example
from app.register.telling.recipients import (
    CONFIRMING,
    EMAIL,
    STOPPING,
    forget_address,
    has_token,
    keep_address,
)
from app.register.telling.standing import standing_of
from app.register.telling.subscription_checks import (
    channel_problems,
    is_of_figures,
    occasion_problems,
    read_address,
    rhythm_problems,
    scope_problems,
)
from app.store import deliveries
from app.store.deliveries import CONFIRMATION, TEST, Delivery
from app.store.subscriptions import (
    ACTIVE,
    STOPPED,
    WAITING,
    Subscription,
    add_subscription,
    change_subscription,
    find_subscription,
    subscription,
)
from app.store.transaction import Transaction

REFUSED = "Dit abonnement is niet goed ingevuld."


@dataclass(frozen=True)
class Offer:
    """What can be asked for: the keys of the occasions; whether webhooks may go without TLS, as on a test machine."""

    occasions: frozenset[str]
    mint: Callable[[], str]
    insecure: bool = False


def subscribe(command: Subscribe, agent: Agent, register: Register, offer: Offer) -> Subscription:
    """Ask to be told; by e-mail it begins once the address agreed. Raises Refused or Forbidden."""
    address = _checked(command, agent, register, offer)
    with register.log.transaction() as transaction:
        made = Subscription(
            id=offer.mint(),
            owner=_owner(command, agent, register),
            account=agent.account,
            standing=standing_of(agent, register),
            scope=command.scope,
            occasions=command.occasions,
            channel=command.channel,
            rhythm=command.rhythm,
            state=WAITING if command.channel == EMAIL else ACTIVE,
            created=transaction.now(),
            since=transaction.head(),
        )
        add_subscription(transaction.connection, made)
        keep_address(made.id, command.channel, address, register, transaction)
        if command.channel == EMAIL:
            deliveries.put(transaction.connection, [_told(made.id, CONFIRMATION, transaction)])
    return made


def confirm(id: str, token: str, register: Register) -> Subscription:
    """The owner of the address agrees; again changes nothing. Raises Unknown for a wrong token."""
    with register.log.transaction() as transaction:
        known = _with_token(id, CONFIRMING, token, register, transaction)
        if known.state != WAITING:
            return known
        change_subscription(transaction.connection, id, state=ACTIVE, since=transaction.head())
    return known


def change(command: ChangeSubscription, agent: Agent, register: Register, offer: Offer) -> Subscription:
    """Tell of something else from now on. Raises Refused, Forbidden or Unknown."""
    register.rights.check(agent, ChangeSubscription)
    with register.log.transaction() as transaction:
        known = _owned(find_subscription(transaction.connection, command.id), agent)
        if problems := [*_wishes(known.scope, command.occasions, command.rhythm, offer)]:
            raise Refused(REFUSED, problems)
        values = {"occasions": command.occasions, "rhythm": command.rhythm}
        return change_subscription(transaction.connection, known.id, **values) or known


def change_rhythm(id: str, token: str, rhythm: str, register: Register) -> Subscription:
    """Tell as often as whoever holds the token from a message likes. Raises Refused, or Unknown for a wrong token."""
    with register.log.transaction() as transaction:
        known = _with_token(id, STOPPING, token, register, transaction)
        if problems := [*rhythm_problems(rhythm, known.scope)]:
            raise Refused(REFUSED, problems)
        return change_subscription(transaction.connection, id, rhythm=rhythm) or known


def unsubscribe(command: Unsubscribe, agent: Agent | None, register: Register) -> None:
    """Tell no more, and forget the address. Raises Unknown for who neither owns it nor holds the token."""
    if agent is not None:
        register.rights.check(agent, Unsubscribe)
    with register.log.transaction() as transaction:
        if agent is not None:
            known = _owned(find_subscription(transaction.connection, command.id), agent)
        else:
            known = _with_token(command.id, STOPPING, command.token, register, transaction)
        stop(known, register, transaction)


def stop(known: Subscription, register: Register, transaction: Transaction) -> None:
    """End a subscription: nothing waits for it any more, and nobody has its address."""
    if known.state != STOPPED:
        change_subscription(transaction.connection, known.id, state=STOPPED)
        deliveries.drop_all(transaction.connection, known.id, transaction.now())
        forget_address(known.id, register, transaction)


def send_test(id: str, agent: Agent, register: Register, offer: Offer) -> str:
    """Have an invented message sent to the subscriber; answers the id of the delivery."""
    register.rights.check(agent, ChangeSubscription)
    with register.log.transaction() as transaction:
        known = _owned(find_subscription(transaction.connection, id), agent)
        if known.state != ACTIVE:
            raise Refused("Dit abonnement is nog niet bevestigd. Klik eerst op de link in de e-mail.")
        body = orjson.dumps(example(register.schema, transaction.now()))
        test = _told(id, TEST, transaction, offer.mint(), body)
        deliveries.put(transaction.connection, [test])
    return test.id


def owned(id: str, agent: Agent, register: Register) -> Subscription:
    """The subscription, for who may manage it; raises Unknown for anybody else."""
    return _owned(subscription(register.log.database, id), agent)


def _wishes(scope: str, occasions: tuple[str, ...], rhythm: str, offer: Offer) -> Iterator[Problem]:
    """What is wrong with when and how often; figures have no occasion but the night."""
    if not is_of_figures(scope):
        yield from occasion_problems(occasions, offer.occasions)
    yield from rhythm_problems(rhythm, scope)


def _told(id: str, kind: str, transaction: Transaction, mark: str = "", body: bytes = b"{}") -> Delivery:
    now = transaction.now()
    return Delivery(f"{id}-{mark or kind}", id, kind, 0, body, now, now)


def _with_token(id: str, use: str, token: str, register: Register, transaction: Transaction) -> Subscription:
    known = find_subscription(transaction.connection, id)
    if known is None or not has_token(id, use, token, register, transaction):
        raise Unknown("Deze link is niet geldig, of het abonnement bestaat niet meer.")
    return known


def _owned(known: Subscription | None, agent: Agent) -> Subscription:
    if known is None or known.state == STOPPED or not manages(agent, known):
        raise Unknown("Dit abonnement bestaat niet.")
    return known


def _owner(command: Subscribe, agent: Agent, register: Register) -> str:
    """The organisation, so that colleagues see it too; a representative asks for the association."""
    own = agent.role == agents.ASSOCIATION
    return register.tools.type.iri(command.scope.partition("/")[2]) if own else agent.iri


def _checked(command: Subscribe, agent: Agent, register: Register, offer: Offer) -> str:
    """The address as we keep it; raises Refused with all that is wrong, Forbidden for a scope that is not theirs."""
    problems = [*scope_problems(command.scope, register)]
    problems += _wishes(command.scope, command.occasions, command.rhythm, offer)
    problems += channel_problems(command.channel) if is_of_figures(command.scope) else ()
    address = ""
    try:
        address = read_address(command.channel, command.address, insecure=offer.insecure)
    except ValueError as error:
        problems.append(Problem("adres", str(error)))
    if problems:
        raise Refused(REFUSED, problems)
    register.rights.check(agent, Subscribe, subject_in(command.scope, register))
    return address
