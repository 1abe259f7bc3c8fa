"""Whether the times of a sealed entry agree with each other, and with the seals around it.

Four clocks speak of an entry: its command's (`at`), its id's (a UUIDv7 begins with the time when it
was made), the database's (`written_at`, which a trigger sets) and those of the checkpoints before
and after it. Whoever slips an entry in later can choose the first two, but not the others.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

# An act takes its time when it begins, and a long one is written when it ends.
MAX_DELAY = timedelta(minutes=15)
# Web nodes and the database may be on machines whose clocks differ.
MAX_CLOCK_DIFFERENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryTimes:
    """What is to be compared of one entry.

    Attributes:
        index: Its place in the log, from 0.
        at: When its act took place, as the entry says; None where that need not be near.
        written_at: When the database wrote it; None for entries from before it said so.
    """

    id: UUID
    index: int
    at: datetime | None
    written_at: datetime | None


@dataclass(frozen=True, slots=True)
class SealTimes:
    """When a log was sealed: the sizes of its checkpoints, ascending, and the time of each."""

    sizes: Sequence[int]
    times: Sequence[datetime]

    def nearest_seals(self, index: int) -> tuple[datetime | None, datetime | None]:
        """Return when the checkpoints before and after an entry were signed, None for no such."""
        covering = bisect_right(self.sizes, index)
        before = self.times[covering - 1] if covering else None
        after = self.times[covering] if covering < len(self.times) else None
        return before, after

    def describe_disorder(self) -> str:
        """Name the first seal that is dated before an earlier one; "" if there is none."""
        for number, at in enumerate(self.times[1:], start=1):
            before = self.times[number - 1]
            if at < before - MAX_CLOCK_DIFFERENCE:
                return (
                    f"the checkpoint at {self.sizes[number]} entries is of {_format_time(at)}, and"
                    f" the one at {self.sizes[number - 1]} of {_format_time(before)}"
                )
        return ""


def time_of_id(entry_id: UUID) -> datetime | None:
    """Return when a UUIDv7 was made (RFC 9562, section 5.7), or None where it is none."""
    if entry_id.version != 7:
        return None
    try:
        # The first 48 of the 128 bits are milliseconds.
        return datetime.fromtimestamp((entry_id.int >> 80) / 1000, tz=UTC)
    except (OverflowError, ValueError, OSError):
        return None


def describe_time_faults(entry: EntryTimes, seals: SealTimes) -> str:
    """Return how an entry's times disagree, in a sentence that names them all; "" if they agree."""
    id_time = time_of_id(entry.id)
    if id_time is None:
        return "its id was not made by this program"
    written = entry.written_at or id_time
    sealed_after, sealed_by = seals.nearest_seals(entry.index)
    agree = (
        (entry.at is None or _is_between(entry.at, written - MAX_DELAY, written))
        and _is_between(id_time, written - MAX_DELAY, written)
        # one that was written long before a seal would be under that seal
        and (sealed_after is None or written >= sealed_after - MAX_DELAY)
        and (sealed_by is None or written <= sealed_by + MAX_CLOCK_DIFFERENCE)
    )
    if agree:
        return ""
    times = (
        ("entered for", entry.at),
        ("id made", id_time),
        ("written by the database", entry.written_at),
        ("sealed after", sealed_after),
        ("and by", sealed_by),
    )
    named = ", ".join(f"{name} {_format_time(time)}" for name, time in times if time)
    return f"its times disagree: {named}"


def _is_between(time: datetime, earliest: datetime, latest: datetime) -> bool:
    return earliest <= time <= latest + MAX_CLOCK_DIFFERENCE


def _format_time(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
