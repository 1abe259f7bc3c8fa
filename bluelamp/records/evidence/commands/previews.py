"""Have previews of an item made, and ask the scanner again where it did not answer before."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.jobs import job
from bluelamp.records.evidence.commands.continuity import write_continuity
from bluelamp.records.evidence.commands.take_in import blob_of
from bluelamp.records.evidence.media.facts import PreviewResult
from bluelamp.records.evidence.media.previews import make_previews
from bluelamp.records.evidence.media.scanning import ScanVerdict as ScanAnswer
from bluelamp.records.evidence.media.scanning import scan
from bluelamp.records.evidence.models import Item, Preview
from bluelamp.records.evidence.rules import ScanVerdict, Verb
from bluelamp.records.evidence.store import current_store


@job(name="evidence.preview", attempts=4, urgency=-5)
def preview(*, item_id: str) -> None:
    """Look at one original outside any transaction, then put what came of it on the record."""
    item = Item.objects.get(id=UUID(item_id))
    maker = Actor.system("preview maker", force=item.force, permissions={"evidence.preview"})
    with (
        tempfile.TemporaryDirectory(prefix="previews-", dir=settings.BLUELAMP_VAR) as folder,
        _local(item) as source,
    ):
        answer = None
        if item.scan_verdict == ScanVerdict.NOT_SCANNED and settings.BLUELAMP_CLAMD:
            answer = scan(source, clamd_address=settings.BLUELAMP_CLAMD)
        result = None
        if answer is None or answer.outcome != "infected":
            result = make_previews(
                source,
                Path(folder),
                claimed_name=item.filename,
                claimed_type=item.media_type_claimed,
            )
        make_item_previews(actor=maker, at=now(), item_id=item.id, result=result, scanned=answer)


def is_unlooked_at(item: Item) -> bool:
    """Say whether no job has come to an item yet. One that could make nothing of it has looked all
    the same.
    """
    return "problem" not in item.facts and not item.is_held_back


@command(may="evidence.preview", act="evidence.previewed")
def make_item_previews(
    *,
    actor: Actor,
    at: datetime,
    item_id: UUID,
    result: PreviewResult | None,
    scanned: ScanAnswer | None = None,
) -> Item:
    """Keep what was derived from an item, with its facts and a line of continuity. Done twice it is
    done once.

    `result` is None for an original found infected. Raises NotFound.
    """
    item = Item.objects.select_for_update().filter(id=item_id, force=actor.force).first()
    if item is None:
        raise NotFound("There is no such item.")
    if scanned is not None:
        item.scan_verdict = ScanVerdict(scanned.outcome)
        item.facts = {**item.facts, "scan": asdict(scanned)}
    if result is not None:
        item.media_type = result.facts.media_type
        item.facts = {**item.facts, **_facts(result)}
    item.save(update_fields=["scan_verdict", "facts", "media_type"])
    for made in result.made if result else ():
        if item.previews.filter(kind=made.kind).exists():
            continue
        with current_store().stage() as staged:
            staged.write(made.path.read_bytes())
            blob = blob_of(staged.keep(), at=at)
        Preview.objects.create(
            item=item, kind=made.kind, blob=blob, media_type=made.media_type,
            width=made.width, height=made.height, how=made.how,
        )  # fmt: skip
        write_continuity(
            actor=actor, at=at, item=item, verb=Verb.PREVIEWED,
            detail={"kind": made.kind, "how": made.how, "sha256": blob.sha256},
        )  # fmt: skip
    record_act(
        item,
        ref=item.filename,
        detail={"kinds": [made.kind for made in result.made] if result else []},
    )
    return item


def _facts(result: PreviewResult) -> dict[str, Any]:
    capture = asdict(replace(result.capture, captured_at=None))
    capture["captured_at"] = (
        result.capture.captured_at.isoformat() if result.capture.captured_at else None
    )
    return {
        "kind": result.facts.kind,
        "family": result.facts.family,
        "lies": result.facts.lies,
        "sentence": result.facts.sentence,
        "cut_short": result.facts.cut_short,
        "may_show_inline": result.facts.may_show_inline,
        "capture": capture,
        "problem": result.problem,
    }


@contextmanager
def _local(item: Item) -> Iterator[Path]:
    """Lend a local path of an item's original, a copy where the store has none."""
    store = current_store()
    if path := store.path(item.sha256):
        yield path
        return
    with (
        tempfile.NamedTemporaryFile(dir=store.incoming, prefix="copy-") as copy,
        store.open(item.sha256) as source,
    ):
        shutil.copyfileobj(source, copy, 1024**2)
        copy.flush()
        yield Path(copy.name)
