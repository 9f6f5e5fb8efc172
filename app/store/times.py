"""Times as the log writes them."""

from datetime import UTC, datetime


def iso(time: datetime) -> str:
    """Microseconds and Z, so that the order of the texts is the order of the times.

    >>> iso(datetime(2026, 11, 24, 10, tzinfo=UTC))
    '2026-11-24T10:00:00.000000Z'
    """
    return time.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def canonical(time: str) -> str:
    """The one way in which XSD writes this time, without zeros at the end: a store may write any other so too.

    https://www.w3.org/TR/xmlschema-2/#dateTime-canonical-representation

    >>> canonical("2026-11-24T10:00:00.500000Z"), canonical("2026-11-24T10:00:00.000000Z")
    ('2026-11-24T10:00:00.5Z', '2026-11-24T10:00:00Z')
    """
    return time.removesuffix("Z").rstrip("0").rstrip(".") + "Z" if "." in time else time
