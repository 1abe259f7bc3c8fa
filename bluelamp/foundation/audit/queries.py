"""Reading the record, and proving that it is whole."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Q

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.audit.models import COUNTED_BY_SENDER, AuditEntry
from bluelamp.foundation.kernel import log
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.checkpoint import BadNote, open_checkpoint
from bluelamp.foundation.kernel.log_models import LogCheckpoint, LogLeaf
from bluelamp.foundation.kernel.merkle import leaf_hash
from bluelamp.foundation.kernel.sender import sender_of

MOST_COUNTED = 1_001
_BATCH = 2000
_ASKED_BY = ("number", "reference", "urn")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked."""

    name: str
    passed: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """Who did an act to a thing, how often, and when last. `document` is the file it was done to,
    where it was one.
    """

    act: str
    by_name: str
    ref: str
    document: str
    times: int
    last_at: datetime


def looks_at(
    *, subject_id: UUID, acts: Collection[str], organisation: str, most: int = 30
) -> list[Look]:
    """Return who of an organisation did these acts to a thing, the latest first.

    For use inside a lookup of that thing, which puts itself on the record.
    """
    rows = (
        AuditEntry.objects.filter(
            subject_id=subject_id,
            act__in=acts,
            organisation=organisation,
            result=AuditEntry.Result.DONE,
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
    """Return the condition that an organisation did an act to the row: `subject` is the column with
    its id.
    """
    done = AuditEntry.objects.filter(
        subject_id=OuterRef(subject),
        act=act,
        organisation=organisation,
        result=AuditEntry.Result.DONE,
    )
    return Exists(done)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """One act as an auditor reads it. `result` is done, refused or not found; `detail` plain
    JSON.
    """

    id: UUID
    at: datetime
    act: str
    category: str
    result: str
    actor_name: str
    organisation: str
    force: str
    address: str
    ref: str
    why: str
    detail: dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordPage:
    """A page of the record, the newest first. `total` counts `MOST_COUNTED` at most; `older` leads
    to the next page.
    """

    entries: tuple[Recorded, ...]
    total: int
    older: UUID | None


@lookup(may="audit.view", act="audit.viewed")
def entries(
    *,
    actor: Actor,
    at: datetime,
    ref: str = "",
    person: str = "",
    category: str = "",
    is_refused: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> RecordPage:
    """Return a page of the force's record: by a reference, words of a name, a category of section
    62 of the DPA 2018.

    With `is_refused` only what was refused or not found. Whoever reads for the force that this
    instance belongs to also reads what others tried in vain: those entries bear the other's force.
    `before` is the last page's `older`. Looking at the record is on the record.
    """
    rows = AuditEntry.objects.filter(_readable_by(actor))
    if ref:
        tried = [f"{name}={ref}" for name in _ASKED_BY]
        rows = rows.filter(ref__in=[ref, *tried])
    for word in person.split()[:6]:
        rows = rows.filter(actor_name__icontains=word)
    if category:
        rows = rows.filter(category=category)
    if is_refused:
        rows = rows.exclude(result=AuditEntry.Result.DONE)
    if since:
        rows = rows.filter(at__gte=since)
    if until:
        rows = rows.filter(at__lt=until)
    total = rows[:MOST_COUNTED].count()
    if last := AuditEntry.objects.filter(id=before).only("at").first() if before else None:
        rows = rows.filter(Q(at__lt=last.at) | Q(at=last.at, id__lt=last.id))
    found = list(rows.order_by("-at", "-id")[: limit + 1])
    asked = {"ref": ref, "person": person, "category": category, "refused": is_refused or ""}
    record_act(
        None, ref=ref or person, detail={name: value for name, value in asked.items() if value}
    )
    return RecordPage(
        entries=tuple(
            Recorded(**{each.name: getattr(row, each.name) for each in fields(Recorded)})
            for row in found[:limit]
        ),
        total=total,
        older=found[limit - 1].id if len(found) > limit else None,
    )


def _readable_by(actor: Actor) -> Q:
    ours = Q(force=actor.force)
    return (
        ours | ~Q(result=AuditEntry.Result.DONE) if actor.force == settings.BLUELAMP_FORCE else ours
    )


def count_of_acts(*, act: str, address: str, since: datetime) -> int:
    """Return how often an act was tried by the sender that a network address belongs to: for a door
    that limits it.

    Only acts in COUNTED_BY_SENDER, which are counted from an index alone; ValueError for another.
    """
    if act not in COUNTED_BY_SENDER:
        raise ValueError(f"{act} is not among the acts that are counted by sender")
    return AuditEntry.objects.filter(act=act, sender=sender_of(address), at__gte=since).count()


def verify() -> Iterator[Check]:
    """Check the record against its log: every checkpoint's signature and root, every entry against
    its leaf.

    Whoever may write the database past the triggers could remove the newest entries together with
    every checkpoint over them: the witness outside the database shows that, for what was sealed.
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
    yield Check(
        "no entry came in behind the seal", not strays, " ".join(str(each) for each in strays[:20])
    )
    waiting = AuditEntry.objects.count() - LogLeaf.objects.filter(log="audit").count()
    yield Check("no entry was removed", waiting >= 0, f"{max(waiting, 0)} not yet sealed")


def _entries_against_leaves() -> Iterator[Check]:
    changed, missing, checked = [], [], 0
    after = -1
    while leaves := list(
        LogLeaf.objects.filter(log="audit", index__gt=after).order_by("index")[:_BATCH]
    ):
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
