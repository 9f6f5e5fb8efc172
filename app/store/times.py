"""Times as the log writes them."""

from datetime import UTC, datetime


def iso(time: datetime) -> str:
    """Microseconds and Z, so that the order of the texts is the order of the times.

    >>> iso(datetime(2026, 11, 24, 10, tzinfo=UTC))
    '2026-11-24T10:00:00.000000Z'
    """
    return time.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"
