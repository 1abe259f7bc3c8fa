"""Reading the record, and proving that it is whole."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.audit.models import COUNTED_BY_SENDER, AuditEntry
from bluelamp.foundation.kernel import log
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.checkpoint import BadNote, open_checkpoint
from bluelamp.foundation.kernel.log_models import LogCheckpoint, LogLeaf
from bluelamp.foundation.kernel.merkle import leaf_hash
from bluelamp.foundation.kernel.sender import sender_of

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked."""

    name: str
    passed: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """Who did an act to a thing, how often, and when last. `document` is the file it was done to, where it was one."""

    act: str
    by_name: str
    ref: str
    document: str
    times: int
    last_at: datetime


def looks_at(*, subject_id: UUID, acts: Collection[str], organisation: str, most: int = 30) -> list[Look]:
    """Return who of an organisation did these acts to a thing, the latest first.

    For use inside a lookup of that thing, which puts itself on the record.
    """
    rows = (
        AuditEntry.objects.filter(
            subject_id=subject_id, act__in=acts, organisation=organisation, result=AuditEntry.Result.DONE
        )
        .values("act", "actor_name", "ref", "detail__document")
        .annotate(times=Count("id"), last_at=Max("at"))
        .order_by("-last_at")[:most]
    )
    return [
        Look(
            act=row["act"],
            by_name=row["actor_name"],
            ref=row["ref"],
            document=row["detail__document"] or "",
            times=row["times"],
            last_at=row["last_at"],
        )
        for row in rows
    ]


def was_done(*, act: str, organisation: str, subject: str = "id") -> Exists:
    """Return the condition that an organisation did an act to the row: `subject` is the column with its id."""
    done = AuditEntry.objects.filter(
        subject_id=OuterRef(subject), act=act, organisation=organisation, result=AuditEntry.Result.DONE
    )
    return Exists(done)


@lookup(may="audit.view", act="audit.viewed")
def entries(
    *,
    actor: Actor,
    at: datetime,
    subject_id: UUID | None = None,
    person: str = "",
    act: str = "",
    since: datetime | None = None,
    page: int = 1,
    per_page: int = 50,
) -> tuple[list[AuditEntry], bool]:
    """Return a page of the force's entries, newest first, and whether there are more.

    Looking at the record is on the record.
    """
    rows = AuditEntry.objects.filter(force=actor.force)
    if subject_id:
        rows = rows.filter(subject_id=subject_id)
    if person:
        rows = rows.filter(actor_name__icontains=person)
    if act:
        rows = rows.filter(act=act)
    if since:
        rows = rows.filter(at__gte=since)
    start = (max(page, 1) - 1) * per_page
    found = list(rows.order_by("-at", "-id")[start : start + per_page + 1])
    record_act(
        None, ref=f"person={person} act={act}", detail={"subject": str(subject_id or ""), "page": page}
    )
    return found[:per_page], len(found) > per_page


def count_of_acts(*, act: str, address: str, since: datetime) -> int:
    """Return how often an act was tried by the sender that a network address belongs to: for a door that limits it.

    Only acts in COUNTED_BY_SENDER, which are counted from an index alone; ValueError for another.
    """
    if act not in COUNTED_BY_SENDER:
        raise ValueError(f"{act} is not among the acts that are counted by sender")
    return AuditEntry.objects.filter(act=act, sender=sender_of(address), at__gte=since).count()


def verify() -> Iterator[Check]:
    """Check the record against its log: every checkpoint's signature and root, every entry against its leaf.

    Whoever may write the database past the triggers could remove the newest entries together with every checkpoint over
    them: the witness outside the database shows that, for what was sealed.
    """
    yield Check("the witness outside the database", *log.told_by_witness(log="audit"))
    checkpoints = list(LogCheckpoint.objects.filter(log="audit").order_by("size"))
    key = log.signer("audit").verifier
    signed: dict[int, bytes] = {}
    for checkpoint in checkpoints:
        name = f"checkpoint at {checkpoint.size} entries"
        try:
            opened = open_checkpoint(checkpoint.note.encode(), keys=[key])
        except BadNote as fault:
            yield Check(name, False, str(fault))
            continue
        signed[opened.size] = opened.root
        yield Check(f"{name}: signature", opened.size == checkpoint.size)
    try:
        for size, root in log.recomputed_roots(log="audit", sizes=list(signed)):
            yield Check(f"checkpoint at {size} entries: root", root == signed[size])
    except log.LogBroken as fault:
        yield Check("the log has every entry", False, str(fault))
    yield from _entries_against_leaves()
    strays = log.left_out(log="audit", queryset=AuditEntry.objects.all())
    yield Check("no entry came in behind the seal", not strays, " ".join(str(each) for each in strays[:20]))
    waiting = AuditEntry.objects.count() - LogLeaf.objects.filter(log="audit").count()
    yield Check("no entry was removed", waiting >= 0, f"{max(waiting, 0)} not yet sealed")


def _entries_against_leaves() -> Iterator[Check]:
    changed, missing, checked = [], [], 0
    after = -1
    while leaves := list(LogLeaf.objects.filter(log="audit", index__gt=after).order_by("index")[:_BATCH]):
        rows = AuditEntry.objects.in_bulk([leaf.entry_id for leaf in leaves])
        for leaf in leaves:
            entry = rows.get(leaf.entry_id)
            if entry is None:
                missing.append(str(leaf.entry_id))
            elif leaf_hash(entry.canonical()) != bytes(leaf.leaf_hash):
                changed.append(str(leaf.entry_id))
        checked += len(leaves)
        after = leaves[-1].index
    yield Check(f"{checked} entries as they were written", not changed, " ".join(changed[:20]))
    yield Check("every sealed entry is there", not missing, " ".join(missing[:20]))
