"""What holds for an application that came on paper: the day it came in, and what it may lack.

The College of Policing's APP on firearms licensing wants electronic and paper routes side by side.
No text was found that says when the clock of the public measure starts, so ours is published: the
day on which the form came in, not the day on which somebody keyed it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from bluelamp.foundation.kernel.problems import Problem

SUBJECT = "firearms-paper:"
"""How the subject of a draft of a paper form begins; the day and the kind follow."""
# Forms have lain in piles for over a year. Anything older is a slip in the year.
MOST_AGE = timedelta(days=3 * 365)
MAY_BE_MISSING = frozenset({"email", "referee_email", "photo"})
"""Questions that a paper form may leave empty, by id.

Not everybody has an e-mail address. A form without a photo is received all the same, and waits.
"""


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A paper form that is being keyed: what it applies for, and the day it came in.

    `holder_id` is that of the holder whose form it is, None where they have no certificate of ours.
    """

    kind: str
    received_on: date
    holder_id: UUID | None = None


def check_received_on(received_on: date | None, *, today: date) -> str:
    """Return the code of what is wrong with the day a form came in, or "".

    >>> check_received_on(date(2026, 11, 28), today=date(2026, 11, 27))
    'firearms.received_in_future'
    """
    if received_on is None:
        return "firearms.received_on_missing"
    if received_on > today:
        return "firearms.received_in_future"
    return "firearms.received_long_ago" if received_on < today - MOST_AGE else ""


def check_born_on(stated: object, *, on_record: date | None) -> str:
    """Return the code of what is wrong with the date of birth on a holder's form, or "".

    The number of a certificate is soon misread, and then it names somebody else.

    Args:
        stated: The answer, as in "1980-05-04"; None where there is none yet.
        on_record: That of the holder of the certificate, None where it is not known.

    >>> check_born_on("1980-03-31", on_record=date(1980, 5, 4))
    'firearms.holder_born_on_differs'
    """
    if not stated or on_record is None or str(stated) == on_record.isoformat():
        return ""
    return "firearms.holder_born_on_differs"


def write_subject(paper: PaperForm) -> str:
    """Return the subject of a draft, which nobody can change afterwards.

    >>> write_subject(PaperForm("grant", date(2026, 11, 20)))
    'firearms-paper:2026-11-20:grant'
    """
    holder = f":{paper.holder_id}" if paper.holder_id else ""
    return f"{SUBJECT}{paper.received_on.isoformat()}:{paper.kind}{holder}"


def read_subject(subject: str) -> PaperForm | None:
    """Return what the subject of a draft says, None if it is of no paper form.

    >>> read_subject("firearms-paper:2026-11-20:grant")
    PaperForm(kind='grant', received_on=datetime.date(2026, 11, 20), holder_id=None)
    >>> read_subject("firearms:grant") is None
    True
    """
    if not subject.startswith(SUBJECT):
        return None
    day, kind, *holder = subject.removeprefix(SUBJECT).split(":")
    return PaperForm(kind, date.fromisoformat(day), UUID(holder[0]) if holder else None)


REPLY_SUBJECT = "firearms-reply:"
"""How the subject of a draft of a referee's reply begins; the day and the referee follow."""


@dataclass(frozen=True, slots=True)
class PaperReply:
    """A referee's reply on paper that is being keyed: whose it is, and the day it came in."""

    referee_id: UUID
    received_on: date


def write_reply_subject(reply: PaperReply) -> str:
    """Return the subject of a draft of a reply."""
    return f"{REPLY_SUBJECT}{reply.received_on.isoformat()}:{reply.referee_id}"


def read_reply_subject(subject: str) -> PaperReply | None:
    """Return what the subject of a draft says, None if it is of no reply.

    >>> read_reply_subject("firearms-paper:2026-11-20:grant") is None
    True
    """
    if not subject.startswith(REPLY_SUBJECT):
        return None
    day, referee_id = subject.removeprefix(REPLY_SUBJECT).split(":")
    return PaperReply(UUID(referee_id), date.fromisoformat(day))


def drop_paper_gaps(problems: Iterable[Problem], texts: Mapping[str, str]) -> list[Problem]:
    """Return the problems without those of answers that a paper form may leave empty.

    Args:
        problems: What is missing or wrong.
        texts: What was typed in each field: a wrong address is still wrong.

    >>> drop_paper_gaps([Problem("Enter an email address", "email")], {"email": " "})
    []
    """
    return [
        problem
        for problem in problems
        # A field of a row begins with its section and number: referees.1.referee_email.
        if problem.field.rpartition(".")[2] not in MAY_BE_MISSING
        or texts.get(problem.field, "").strip()
    ]


def check_told_on(told_on: date, *, today: date) -> str:
    """Return the code of what is wrong with the day on which a holder told us, or "".

    >>> check_told_on(date(2026, 11, 28), today=date(2026, 11, 27))
    'firearms.told_in_future'
    """
    if told_on > today:
        return "firearms.told_in_future"
    return "firearms.told_long_ago" if told_on < today - MOST_AGE else ""
