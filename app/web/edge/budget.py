"""What one client may ask in a minute: so many requests, and so many seconds of work on its queries.

    account = budgets.account("198.51.100.7")       # None: one of our own, who is not counted
    account.ask()                                   # or TooMany, with the seconds to wait
    with account.query() as meter:
        await pool.answer(question, meter)          # the seconds come off when they are known

Each allowance is a leaky bucket: a full minute's worth may be asked at once, and it comes back evenly. What a query
costs is known only when it has been answered, so an allowance may go into debt; what it owes counts for the next
request. Of an address only a keyed hash stands in memory; nothing of it is written anywhere.
"""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from app.errors import TooMany

WINDOW = 60
MOST_CLIENTS = 50_000
# Who has this many queries waiting gets no further answers by sending more.
QUERIES_AT_ONCE = 20
TOO_OFTEN = "U vraagt meer dan één gebruiker hier mag. Wacht even en ga dan verder."
TOO_COSTLY = "Uw vragen kostten samen meer rekentijd dan één gebruiker hier krijgt. Wacht even en ga dan verder."
AT_ONCE = "U stelt te veel vragen tegelijk. Wacht op een antwoord en ga dan verder."

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Header = tuple[bytes, bytes]


@dataclass(frozen=True)
class Allowance:
    """So much of something in a minute; 0 is without limit."""

    name: str
    most: float

    @property
    def rate(self) -> float:
        return self.most / WINDOW


class Bucket:
    """What a client used of one allowance."""

    def __init__(self, allowance: Allowance, now: float) -> None:
        self.allowance = allowance
        self._used = 0.0
        self._at = now

    def used(self, now: float) -> float:
        self._used = max(0.0, self._used - (now - self._at) * self.allowance.rate)
        self._at = now
        return self._used

    def add(self, amount: float, now: float) -> None:
        self._used = self.used(now) + amount

    def wait(self, now: float, amount: float = 0.0) -> float:
        """The seconds until so much more would fit; 0 when it does now."""
        most = self.allowance.most
        return max(0.0, (self.used(now) + amount - most) / self.allowance.rate) if most else 0.0

    def headers(self, now: float) -> tuple[str, str]:
        """The policy and what is left, as draft-ietf-httpapi-ratelimit-headers writes them."""
        allowance = self.allowance
        left, full = max(0.0, allowance.most - self.used(now)), self.used(now) / allowance.rate
        return (
            f'"{allowance.name}";q={allowance.most:g};w={WINDOW}',
            f'"{allowance.name}";r={math.floor(left)};t={math.ceil(full)}',
        )


class Account:
    """One client, as long as we remember it."""

    def __init__(self, requests: Allowance, seconds: Allowance, clock: Callable[[], float]) -> None:
        self._clock = clock
        now = clock()
        self.requests, self.seconds = Bucket(requests, now), Bucket(seconds, now)
        self.running = 0

    def ask(self) -> None:
        """Count one request; raises TooMany."""
        now = self._clock()
        wait = self.requests.wait(now, 1)
        if wait:
            raise TooMany(TOO_OFTEN, math.ceil(wait))
        self.requests.add(1, now)

    @contextmanager
    def query(self) -> Iterator[Callable[[float], None]]:
        """While a query is answered; what is given to the meter is what it cost. Raises TooMany."""
        wait = self.seconds.wait(self._clock(), 0.001)
        if wait:
            raise TooMany(TOO_COSTLY, math.ceil(wait))
        if self.running >= QUERIES_AT_ONCE:
            raise TooMany(AT_ONCE, 1)
        self.running += 1
        try:
            yield self._spend
        finally:
            self.running -= 1

    def headers(self) -> tuple[Header, ...]:
        """https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-10"""
        now = self._clock()
        told = [bucket.headers(now) for bucket in (self.requests, self.seconds) if bucket.allowance.most]
        if not told:
            return ()
        policies, left = zip(*told, strict=True)
        return (b"ratelimit-policy", ", ".join(policies).encode()), (b"ratelimit", ", ".join(left).encode())

    def _spend(self, seconds: float) -> None:
        self.seconds.add(seconds, self._clock())


class Budgets:
    """The accounts of all clients; forgets the one that it heard of longest ago when there are too many."""

    def __init__(
        self,
        requests: float,
        seconds: float,
        own: Sequence[Network],
        blind: Callable[[str], bytes],
        clock: Callable[[], float],
    ) -> None:
        self._allowances = Allowance("aanvragen", requests), Allowance("rekentijd", seconds)
        self._own, self._clock = tuple(own), clock
        self._accounts: OrderedDict[bytes, Account] = OrderedDict()
        self._name = lru_cache(maxsize=10_000)(lambda host: self._named(host, blind))

    def account(self, host: str) -> Account | None:
        """The account of a client by its address; None of a machine of our own, which speaks for nobody else."""
        name = self._name(host)
        return None if name is None else self._named_account(name)

    def asking(self, host: str) -> Callable[[], None]:
        """What counts one more request of this client, each time that it is called; it may raise TooMany."""
        name = self._name(host)
        return (lambda: None) if name is None else (lambda: self._named_account(name).ask())

    def is_own(self, host: str) -> bool:
        """Whether this is the address of a machine of our own."""
        return self._name(host) is None

    def _named_account(self, name: bytes) -> Account:
        account = self._accounts.pop(name, None) or Account(*self._allowances, self._clock)
        self._accounts[name] = account
        if len(self._accounts) > MOST_CLIENTS:
            self._accounts.popitem(last=False)
        return account

    def _named(self, host: str, blind: Callable[[str], bytes]) -> bytes | None:
        return None if stands_in(host, self._own) else blind(f"budget/{client_of(host)}")


def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address of the other side: of an IPv4 one on a socket for both (`::ffff:192.0.2.7`) its own."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None) or address


def stands_in(host: str, networks: Iterable[Network]) -> bool:
    """Whether an address is of one of these networks."""
    address = address_of(host)
    return any(address is not None and address.version == each.version and address in each for each in networks)


def client_of(host: str) -> str:
    """What counts as one client: who has one IPv6 address has 2^64 of them (https://www.rfc-editor.org/rfc/rfc6177).

    >>> client_of("192.0.2.7"), client_of("2001:db8::1") == client_of("2001:db8::ffff:2"), client_of("unix")
    ('192.0.2.7/32', True, 'unix')
    """
    address = address_of(host)
    if address is None:
        return host
    return str(ipaddress.ip_network((address, 64 if address.version == 6 else 32), strict=False))


def networks(text: str) -> tuple[Network, ...]:
    """The networks in a setting: addresses or ranges, with commas in between. Raises ValueError."""
    return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())
