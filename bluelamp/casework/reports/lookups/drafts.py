"""Look up a draft, for whoever has its secret."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bluelamp.casework.reports.models import ReportDraft
from bluelamp.casework.reports.questions import draft_questions
from bluelamp.casework.reports.reads import draft_item_ids, find_draft_row
from bluelamp.casework.reports.rules import (
    report_subject,
)
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.forms.rules import QuestionSet
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.evidence.lookups import (
    ItemRow,
    find_item_of_subject,
    items_of_subject,
    open_preview_bytes,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftDetail:
    """Answers not sent yet, as typed, and the items that came with them.

    `question_set` has the questions that it was begun on. `sources` has, for each field that we
    filled in, our text and where it is from. `refused_post` is the form that was last posted, if it
    had errors: its `step`, and its `fields`.
    """

    id: UUID
    question_set: QuestionSet
    answers: dict[str, str]
    sources: dict[str, tuple[str, str]]
    item_ids: tuple[UUID, ...]
    started_at: datetime
    expires_at: datetime
    refused_post: dict[str, Any] | None

    @property
    def has_own_answers(self) -> bool:
        """Return whether anything was answered or handed in besides what we filled in."""
        own = [
            text
            for field, text in self.answers.items()
            if text != self.sources.get(field, ("", ""))[0]
        ]
        return bool(any(own) or self.item_ids)


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftItem:
    """A file that goes with a draft, as whoever handed it in may see it.

    `size` is in bytes; `kind` is that of evidence: "image", "video" and so on.
    """

    id: UUID
    filename: str
    size: int
    kind: str
    has_picture: bool


@lookup(permission="report.submit", act="report.draft_read")
def get_draft(*, actor: Actor, at: datetime, draft_id: UUID, secret: str) -> DraftDetail:
    """Return a draft to whoever has its secret.

    Raises:
        NotFound: There is no such draft, or it has expired.
    """
    draft = find_draft_row(draft_id=draft_id, secret=secret, at=at)
    record_act(draft)
    return to_draft_detail(draft)


@lookup(permission="report.submit", act="report.draft_items_read")
def get_draft_with_items(
    *, actor: Actor, at: datetime, draft_id: UUID, secret: str
) -> tuple[DraftDetail, tuple[DraftItem, ...]]:
    """Return a draft with the files that go with it, in the order they arrived.

    Raises:
        NotFound: There is no such draft, or it has expired.
    """
    draft = find_draft_row(draft_id=draft_id, secret=secret, at=at)
    detail = to_draft_detail(draft)
    items = items_of_subject(actor=actor, subject=report_subject(draft.id))
    by_id = {item.id: item for item in items}
    record_act(draft)
    return detail, tuple(
        _to_draft_item(by_id[item_id]) for item_id in detail.item_ids if item_id in by_id
    )


@lookup(permission="report.submit", act="report.draft_picture_viewed")
def get_draft_thumbnail(
    *, actor: Actor, at: datetime, draft_id: UUID, secret: str, item_id: UUID
) -> tuple[bytes, str]:
    """Return the thumbnail of a draft's item and its media type, to whoever handed the item in.

    Returns:
        The bytes and the media type; b"" and "" while there is no thumbnail yet.

    Raises:
        NotFound: There is no such draft or item, or the item is infected.
    """
    draft = find_draft_row(draft_id=draft_id, secret=secret, at=at)
    item = find_item_of_subject(actor=actor, subject=report_subject(draft.id), item_id=item_id)
    if item.is_quarantined:
        raise NotFound("There is no such picture.")
    record_act(draft, ref=item.filename, detail={"item": str(item.id)})
    thumbnail = item.preview("thumbnail")
    if thumbnail is None:
        return b"", ""
    with open_preview_bytes(actor=actor, preview=thumbnail) as source:
        return source.read(), thumbnail.media_type


def to_draft_detail(draft: ReportDraft) -> DraftDetail:
    """Return what whoever has its secret may see of a draft."""
    return DraftDetail(
        id=draft.id,
        question_set=draft_questions(draft),
        answers=dict(draft.answers),
        sources={field: (text, source) for field, (text, source) in draft.sources.items()},
        item_ids=tuple(draft_item_ids(draft)),
        started_at=draft.started_at,
        expires_at=draft.expires_at,
        refused_post=draft.refused_post,
    )


def _to_draft_item(item: ItemRow) -> DraftItem:
    return DraftItem(
        id=item.id,
        filename=item.filename,
        size=item.size,
        kind=item.media_info.get("kind", ""),
        has_picture=item.preview("thumbnail") is not None,
    )
