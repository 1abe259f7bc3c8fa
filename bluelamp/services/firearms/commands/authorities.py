"""Who may decide what: lines of the authority table, and finding the one for a decision."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.services.firearms.models import AuthorityEntry
from bluelamp.services.firearms.policy import authority_policy
from bluelamp.services.firearms.rules.authority import Authority, Risk, find_authority
from bluelamp.services.firearms.rules.decisions import CertificateKind, DecisionKind

MAX_LENGTH = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorityInput:
    """A line of the authority table. `username` is whose authority it is."""

    username: str
    decision: str
    certificate_kind: str
    max_risk: str
    valid_from: date | None
    written_in: str
    granted_by_name: str
    valid_until: date | None = None


@command(permission="firearms.authority", act="firearms.authority_added")
def add_authority(*, actor: Actor, at: datetime, authority: AuthorityInput) -> UUID:
    """Add a line to the authority table, and return its id.

    Raises:
        Refused: Something is missing or wrong. Nobody gives authority to themselves.
    """
    user = User.objects.filter(username=authority.username, force=actor.force).first()
    problems = []
    if user is None:
        problems.append(Problem("firearms.authority_person_unknown", "username"))
    elif user.id == actor.id:
        problems.append(Problem("firearms.authority_own", "username"))
    problems += _list_problems(authority)
    # The last two are problems already: mypy does not know.
    if problems or user is None or authority.valid_from is None:
        raise Refused(errors=problems)
    row = AuthorityEntry.objects.create(
        force=actor.force,
        user=user,
        decision=authority.decision,
        certificate_kind=authority.certificate_kind,
        max_risk=authority.max_risk,
        valid_from=authority.valid_from,
        valid_until=authority.valid_until,
        written_in=clean_text(
            authority.written_in,
            max_length=MAX_LENGTH,
            field="written_in",
            label="firearms.written_in",
        ),
        granted_by_name=clean_text(
            authority.granted_by_name,
            max_length=MAX_LENGTH,
            field="granted_by_name",
            label="firearms.granted_by",
        ),
        recorded_at=at,
        recorded_by_id=actor.id,
    )
    record_act(row, ref=user.username, detail={"decision": row.decision, "limit": row.max_risk})
    return row.id


@command(permission="firearms.authority", act="firearms.authority_ended")
def end_authority(*, actor: Actor, at: datetime, authority_id: UUID) -> None:
    """End a line of the authority table with today. What was decided under it stands.

    Raises:
        NotFound: There is no such line.
    """
    row = authority_policy.get(actor, lock=True, id=authority_id)
    today = london_date(at)
    # One that has not begun ends on its first day: it must not end before it began.
    row.valid_until = min(row.valid_until or today, max(today, row.valid_from))
    row.save(update_fields=["valid_until"])
    record_act(row, detail={"decision": row.decision})


def require_authority(
    *, actor: Actor, at: datetime, decision: str, certificate_kinds: tuple[str, ...], risk: str
) -> AuthorityEntry:
    """Return the line of the authority table under which the actor may make a decision.

    Raises:
        NotPermitted: No line covers it, or not for each kind of certificate.
    """
    if actor.id is None:
        raise NotPermitted(f"{actor.name} is nobody who could decide")
    rows = AuthorityEntry.objects.filter(
        force=actor.force, user_id=actor.id, decision=decision
    ).order_by("valid_from", "id")
    by_id = {row.id: row for row in rows}
    authorities = [to_authority(row) for row in by_id.values()]
    matches = [
        find_authority(
            authorities,
            user_id=actor.id,
            decision=decision,
            certificate_kind=kind,
            risk=risk,
            on=london_date(at),
        )
        for kind in certificate_kinds
    ]
    # A line for each kind, or the decision would be without authority for one of them.
    if not matches or any(match is None for match in matches):
        raise NotPermitted(f"{actor.name} has no authority for this decision")
    first = matches[0]
    assert first is not None
    return by_id[first.id]


def to_authority(row: AuthorityEntry) -> Authority:
    """Return a line as the rules read it."""
    return Authority(
        id=row.id,
        user_id=row.user_id,
        decision=row.decision,
        certificate_kind=row.certificate_kind,
        max_risk=row.max_risk,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def _list_problems(posted: AuthorityInput) -> list[Problem]:
    problems = []
    if posted.decision not in set(DecisionKind):
        problems.append(Problem("firearms.decision_missing", "decision"))
    if posted.certificate_kind not in {"", *CertificateKind}:
        problems.append(Problem("firearms.certificate_kind_missing", "certificate_kind"))
    if posted.max_risk not in set(Risk):
        problems.append(Problem("firearms.risk_missing", "max_risk"))
    if posted.valid_from is None:
        problems.append(Problem("firearms.authority_start_missing", "valid_from"))
    elif posted.valid_until and posted.valid_until < posted.valid_from:
        problems.append(Problem("firearms.authority_end_early", "valid_until"))
    if not posted.written_in.strip():
        problems.append(Problem("firearms.written_in_missing", "written_in"))
    if not posted.granted_by_name.strip():
        problems.append(Problem("firearms.granted_by_missing", "granted_by_name"))
    return problems
