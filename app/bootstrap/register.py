"""Settings -> Register: the log, the rules and the vault's key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from app.bootstrap.ambient import now, root
from app.bootstrap.keys import vault_key
from app.config import Settings
from app.errors import BadSetting
from app.model.codelists import load_codelists
from app.model.schema import load_schema
from app.model.shapes import load_checker
from app.register.register import Register
from app.store.database import connect, open_database
from app.store.keys import unlock
from app.store.log import Log
from app.store.migration import migrate, pending


@contextmanager
def open_register(settings: Settings) -> Iterator[Register]:
    """The log and the rules, without the stores: a running service follows by itself what is written here."""
    settings.derived.mkdir(parents=True, exist_ok=True)
    settings.data.mkdir(parents=True, exist_ok=True)
    database = open_database(database_url(settings), settings.database_password, read_only=bool(settings.replica))
    with closing(database):
        log = Log(database, now, unlock(database, vault_key(settings)))
        schema = load_schema(root(), settled_base(log, settings))
        lists, checker = load_codelists(root()), load_checker(schema, "vereniging")
        yield Register(schema, lists, checker, log, now, bool(settings.test_identities))


def database_url(settings: Settings) -> str:
    """Where the log is, and all that stands in one transaction with it."""
    return settings.database or f"sqlite:///{settings.data.resolve() / 'log.sqlite'}"


def take_steps(settings: Settings, dry_run: bool) -> list[str] | None:
    """Bring the database to this version; answers the steps, or None when it was still to be made."""
    settings.data.mkdir(parents=True, exist_ok=True)
    with closing(connect(database_url(settings), settings.database_password)) as database:
        with database.reading() as connection:
            wanted = pending(connection)
        if not dry_run:
            with database.writing() as connection:
                migrate(connection)
    return wanted


def settled(log: Log, key: str, value: str) -> str:
    """What was decided at the first start and holds ever since; the first time, `value`."""
    if (known := log.get_state(key)) is not None:
        return known
    with log.transaction() as transaction:
        kept = transaction.get_state(key)
        if kept is None:
            transaction.put_state(key, value)
    return value if kept is None else kept


def settled_base(log: Log, settings: Settings) -> str:
    """The start of all IRIs: it is part of the data. Raises BadSetting when the setting says something else now."""
    base = settled(log, "base", settings.base or f"http://{settings.host}:{settings.port}")
    if settings.base and settings.base != base:
        raise BadSetting(f"De gegevens in deze map beginnen met {base}; de instelling base kan niet meer veranderen.")
    return base
