"""Question sets in force, compiled and cached in each process; their versions; and drafts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from time import monotonic
from uuid import UUID

from bluelamp.foundation.audit.acts import lookup, read_within_act, record_act
from bluelamp.foundation.forms.built_in import QuestionSetFile, built_in_files
from bluelamp.foundation.forms.models import FormDraft, QuestionSetVersion
from bluelamp.foundation.forms.reads import find_draft_row, find_own_draft_rows, find_version_row
from bluelamp.foundation.forms.rules import QuestionSet
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound

_MAX_AGE_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionSetRow:
    """One version of a question set, without its text."""

    name: str
    version: int
    title: str
    sha256: str
    is_built_in: bool
    in_force_from: date | None
    loaded_at: datetime
    loaded_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FormDraftDetail:
    """A form that somebody is filling in.

    Attributes:
        texts: What was typed in each field, right or wrong.
        sources: For each field that we filled in: our text, and where it is from.
    """

    id: UUID
    question_set: QuestionSet
    subject: str
    texts: dict[str, str]
    sources: Mapping[str, tuple[str, str]]
    saved_at: datetime

    @property
    def corrected_fields(self) -> list[str]:
        """Return the fields that we filled in and somebody changed: the record may be wrong."""
        return [
            field
            for field, (text, _source) in self.sources.items()
            if self.texts.get(field) != text
        ]


_versions: list[tuple[float, tuple[QuestionSetRow, ...]]] = []
"""At most one entry: every version that is loaded, and when that was read from the database."""


def _list_versions() -> tuple[QuestionSetRow, ...]:
    """Return every version that is loaded, read from the database every few seconds.

    So every process sees a new version within seconds, and no page waits for a query of its own.
    """
    # Another thread may forget them at any moment.
    entry = next(iter(_versions), None)
    if entry is None or monotonic() - entry[0] > _MAX_AGE_SECONDS:
        fields = QuestionSetRow.__dataclass_fields__
        rows = QuestionSetVersion.objects.order_by("name", "-version").values(*fields)
        entry = monotonic(), tuple(QuestionSetRow(**row) for row in rows)
        _versions[:] = [entry]
    return entry[1]


def forget_versions() -> None:
    """Read which versions there are again at the next lookup."""
    _versions.clear()


def current_question_set(name: str, *, on: date) -> QuestionSet:
    """Return the version of a question set that is in force on a day, as London has it.

    A built-in set that nobody has put in force yet is in force as it came.

    Raises:
        NotFound: There is no such set.
    """
    row = find_row_in_force(_list_versions(), name, on=on)
    return _compile(row.sha256) if row else built_in_question_set(name)


def built_in_question_set(name: str) -> QuestionSet:
    """Return a question set as it came with this program, without the database.

    Raises:
        NotFound: There is none of this name.
    """
    file = built_in_files().get(name)
    if file is None:
        raise NotFound("There is no such form.")
    return file.question_set


def get_question_set(name: str, version: int) -> QuestionSet:
    """Return one version of a question set. Raises NotFound where there is none."""
    for row in _list_versions():
        if (row.name, row.version) == (name, version):
            return _compile(row.sha256)
    question_set = built_in_question_set(name)
    if question_set.version != version:
        raise NotFound("There is no such form.")
    return question_set


def find_row_in_force(
    rows: tuple[QuestionSetRow, ...], name: str, *, on: date
) -> QuestionSetRow | None:
    """Return the version of a set that is in force on a day: the latest one put in force."""
    return max(
        (row for row in rows if row.name == name and row.in_force_from and row.in_force_from <= on),
        key=lambda row: (row.in_force_from, row.version),
        default=None,
    )


def are_built_in_sets_loaded() -> bool:
    """Return whether the database has each built-in question set as it is in this program."""
    loaded = {row.sha256 for row in _list_versions()}
    return all(file.sha256 in loaded for file in built_in_files().values())


@lookup(permission="reference.edit", act="form.sets_listed")
def list_question_sets(*, actor: Actor, at: datetime, name: str = "") -> tuple[QuestionSetRow, ...]:
    """Return every version of every question set, or of one, the newest first.

    Raises:
        NotFound: There is no set of that name.
    """
    # Whoever works on sets must see at once what was loaded through another process.
    forget_versions()
    rows = tuple(row for row in _list_versions() if not name or row.name == name)
    if name and not rows:
        raise NotFound("There is no such form.")
    record_act(None, ref=name)
    return rows


@lookup(permission="reference.edit", act="form.set_read")
def get_question_set_text(*, actor: Actor, at: datetime, name: str, version: int) -> str:
    """Return the file of one version, as it was loaded. Raises NotFound where there is none."""
    row = find_version_row(name, version)
    record_act(row, ref=str(row))
    return row.content


@lookup(permission="form.fill_in", act="form.draft_read")
def get_form_draft(
    *, actor: Actor, at: datetime, draft_id: UUID, secret: str = ""
) -> FormDraftDetail:
    """Return a draft to its owner, or to whoever has its secret.

    Raises:
        NotFound: There is no such draft, or it was last saved too long ago.
    """
    draft = find_draft_row(actor=actor, at=at, draft_id=draft_id, secret=secret)
    record_act(draft)
    return to_draft_detail(draft)


@lookup(permission="form.fill_in", act="form.draft_found")
def find_form_draft(*, actor: Actor, at: datetime, subject: str) -> FormDraftDetail | None:
    """Return the newest draft that the actor began about a subject, None if there is none."""
    rows = find_own_draft_rows(actor=actor, at=at).filter(subject=subject)
    draft = rows.order_by("-saved_at").first()
    record_act(draft, ref=subject)
    return to_draft_detail(draft) if draft else None


@lookup(permission="form.fill_in", act="form.drafts_listed")
def list_form_drafts(
    *, actor: Actor, at: datetime, subject_prefix: str
) -> tuple[FormDraftDetail, ...]:
    """Return the drafts that the actor began and whose subject begins so, the newest first."""
    rows = find_own_draft_rows(actor=actor, at=at).filter(subject__startswith=subject_prefix)
    drafts = tuple(rows.select_related("question_set").order_by("-saved_at"))
    record_act(None, ref=subject_prefix, detail={"count": len(drafts)})
    return tuple(to_draft_detail(draft) for draft in drafts)


@read_within_act
def find_draft_of_anybody(*, actor: Actor, draft_id: UUID) -> FormDraftDetail | None:
    """Return a draft of the actor's force, whoever fills it in; None where there is none.

    The caller shows nobody what is in it: it compares what somebody types who wants to come back.
    """
    rows = FormDraft.objects.select_related("question_set").filter(force=actor.force)
    draft = rows.filter(id=draft_id).first()
    return to_draft_detail(draft) if draft else None


def to_draft_detail(draft: FormDraft) -> FormDraftDetail:
    """Return what whoever fills it in may see of a draft."""
    return FormDraftDetail(
        id=draft.id,
        question_set=_compile(draft.question_set.sha256),
        subject=draft.subject,
        texts=dict(draft.texts),
        sources={field: (text, source) for field, (text, source) in draft.sources.items()},
        saved_at=draft.saved_at,
    )


# By the hash of its file, so a set in here can never be out of date.
@lru_cache(maxsize=64)
def _compile(sha256: str) -> QuestionSet:
    row = QuestionSetVersion.objects.get(sha256=sha256)
    return QuestionSetFile(row.content, row.translations).question_set
