"""What is done with question sets, and with forms that somebody fills in."""

import logging
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.forms.built_in import (
    QuestionSetFile,
    built_in_files,
    find_unmet_requirements,
)
from bluelamp.foundation.forms.lookups import FormDraftDetail, forget_versions, to_draft_detail
from bluelamp.foundation.forms.models import FormDraft, QuestionSetVersion
from bluelamp.foundation.forms.reads import find_draft_row, find_version_row, hash_secret
from bluelamp.foundation.forms.rules import BadQuestionSet, QuestionSet
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.text import reject_unstorable

_LOG = logging.getLogger(__name__)

# Far more than any form asks for. A draft stores wrong answers too, but not without end.
MAX_TEXT_LENGTH = 20_000
MAX_TEXTS = 5_000


@command(permission="reference.edit", act="form.set_loaded")
def load_question_set(
    *, actor: Actor, at: datetime, file: QuestionSetFile, in_force_from: date | None = None
) -> QuestionSet:
    """Store a version of a question set, and perhaps put it in force. Twice does no harm.

    Raises:
        Refused: The file has problems, or the date is in the past.
        Conflict: This version was loaded before, with other content.
    """
    try:
        question_set = file.question_set
        if problems := find_unmet_requirements(question_set):
            raise BadQuestionSet(problems)
    except BadQuestionSet as bad:
        line, detail = bad.problems[0].line, bad.problems[0].message
        raise Refused("forms.bad_set", field="file", line=str(line), detail=detail) from bad
    row = _find_row(question_set.name, question_set.version)
    if row is None:
        row = _make_row(file, actor=actor, at=at)
        row.save()
        _forget_versions()
    # Drafts and answers name the version that asked them, so its questions never change.
    elif row.sha256 != file.sha256:
        raise Conflict("forms.set_changed", name=row.name, version=str(row.version))
    record_act(row, ref=str(row))
    if in_force_from:
        _put_in_force(row, in_force_from, at=at)
    return question_set


@command(permission="reference.edit", act="form.set_put_in_force")
def put_in_force(
    *, actor: Actor, at: datetime, name: str, version: int, in_force_from: date
) -> None:
    """Put a version in force from a day, as London has it. Drafts end on the version they have.

    A day that has not come yet can be changed. One that has come is history.

    Raises:
        NotFound: There is no such version.
        Refused: The day is in the past.
        Conflict: The version is or was in force, or another one is from that day.
    """
    row = _find_row(name, version)
    if row is None:
        raise NotFound("There is no such form.")
    _put_in_force(row, in_force_from, at=at)
    record_act(row, ref=str(row), detail={"from": in_force_from.isoformat()})


@command(permission="reference.edit", act="form.sets_synced")
def sync_built_in_sets(*, actor: Actor, at: datetime, may_replace: bool = False) -> None:
    """Store the built-in question sets of this program that the database does not have.

    Each is in force from today, unless the force has put a set of its own in force under that name.

    Args:
        actor: Who starts the program.
        at: The time.
        may_replace: Take a file that changed without a new version, as in the demonstration.
            Elsewhere the version that was loaded first stays, and our log says so.
    """
    known = set(QuestionSetVersion.objects.values_list("sha256", flat=True))
    # At nearly every start nothing has changed: then no row is locked.
    files = {name: file for name, file in built_in_files().items() if file.sha256 not in known}
    rows = QuestionSetVersion.objects.select_for_update().filter(name__in=files).order_by("name")
    rows_by_version = {(row.name, row.version): row for row in rows}
    own_names = {row.name for row in rows if row.in_force_from and not row.is_built_in}
    changed = []
    for name, file in files.items():
        row = rows_by_version.get((name, file.question_set.version))
        if row is None:
            row = _make_row(file, actor=actor, at=at)
            row.is_built_in = True
            # An upgrade of the program must not take the place of the force's own questions.
            row.in_force_from = None if name in own_names else london_date(at)
        elif row.is_built_in and may_replace:
            row.title, row.sha256 = file.question_set.title, file.sha256
            row.content, row.translations = file.content, file.translations
            row.save()
        else:
            _LOG.warning("the built-in %s differs from the one that is loaded", row)
            continue
        changed.append(row)
    QuestionSetVersion.objects.bulk_create(row for row in changed if row._state.adding)
    record_act(None, detail={"loaded": [str(row) for row in changed]})
    _forget_versions()


@command(permission="form.fill_in", act="form.draft_started", category=Category.COLLECTION)
def start_form_draft(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    version: int,
    subject: str = "",
    sources: Mapping[str, tuple[str, str]] | None = None,
) -> tuple[FormDraftDetail, str]:
    """Start to fill in one version of a question set.

    Args:
        actor: Who fills it in. The draft of somebody who is signed in is theirs.
        at: The time.
        name: The question set.
        version: Its version, which the draft ends on.
        subject: What it is about, in the front end's own terms, so that its owner finds it again.
        sources: For each field that we can fill in: the text, and where it is from.

    Returns:
        The draft, and the secret that opens it: "" where it has an owner.
    """
    row = find_version_row(name, version)
    secret = "" if actor.id else secrets.token_urlsafe(32)
    draft = FormDraft.objects.create(
        force=actor.force,
        question_set=row,
        subject=subject,
        texts={field: text for field, (text, _source) in (sources or {}).items()},
        sources=dict(sources or {}),
        owner_id=actor.id,
        # Whoever reads the table, or a copy of it, cannot open drafts with what it holds.
        secret_sha256=hash_secret(secret),
        started_at=at,
        saved_at=at,
    )
    record_act(draft, ref=str(row))
    return to_draft_detail(draft), secret


@command(permission="form.fill_in", act="form.draft_saved", category=Category.COLLECTION)
def save_form_draft(
    *,
    actor: Actor,
    at: datetime,
    draft_id: UUID,
    secret: str = "",
    texts: Mapping[str, str],
    removed_prefix: str = "",
) -> FormDraftDetail:
    """Store texts as they were typed, right or wrong, over those of the same fields.

    Args:
        actor: Who fills the form in.
        at: The time.
        draft_id: The draft.
        secret: What opens it, "" for its owner.
        texts: The text of each field.
        removed_prefix: Remove every field whose name begins so: the row of a repeated section.

    Raises:
        NotFound: There is no such draft, or it was last saved too long ago.
        Refused: A text cannot be stored, or there is too much.
    """
    draft = find_draft_row(actor=actor, at=at, draft_id=draft_id, secret=secret, lock=True)
    reject_unstorable(texts)
    for field, text in texts.items():
        if len(text) > MAX_TEXT_LENGTH:
            raise Refused("forms.draft_too_long", field=field, max_length=MAX_TEXT_LENGTH)
    others = {
        field: text
        for field, text in draft.texts.items()
        if not removed_prefix or not field.startswith(removed_prefix)
    }
    # Counted below with what is stored already: many small saves must not pass the limit.
    draft.texts = others | dict(texts)
    if len(draft.texts) > MAX_TEXTS:
        raise Refused("forms.draft_too_large")
    draft.saved_at = at
    draft.save(update_fields=["texts", "saved_at"])
    record_act(draft, detail={"fields": sorted(texts), "removed": removed_prefix})
    return to_draft_detail(draft)


@command(permission="form.fill_in", act="form.draft_deleted", category=Category.ERASURE)
def delete_form_draft(*, actor: Actor, at: datetime, draft_id: UUID, secret: str = "") -> None:
    """Delete a draft at once. Raises NotFound where there is none for this actor."""
    draft = find_draft_row(actor=actor, at=at, draft_id=draft_id, secret=secret, lock=True)
    # Before the row goes: afterwards it has no id that the audit could name.
    record_act(draft)
    draft.delete()


def _find_row(name: str, version: int) -> QuestionSetVersion | None:
    """Return a version, with all rows of its set locked until the transaction ends."""
    # All versions, because which one is in force depends on the days of the others.
    rows = QuestionSetVersion.objects.select_for_update().filter(name=name).order_by("version")
    return next((row for row in rows if row.version == version), None)


def _make_row(file: QuestionSetFile, *, actor: Actor, at: datetime) -> QuestionSetVersion:
    return QuestionSetVersion(
        name=file.question_set.name,
        version=file.question_set.version,
        title=file.question_set.title,
        content=file.content,
        translations=file.translations,
        sha256=file.sha256,
        is_built_in=False,
        loaded_at=at,
        loaded_by=actor.name[:200],
    )


def _put_in_force(row: QuestionSetVersion, in_force_from: date, *, at: datetime) -> None:
    today, name = london_date(at), {"name": row.name, "version": str(row.version)}
    if row.in_force_from == in_force_from:
        return
    # From this morning people may have answered it.
    if row.in_force_from and row.in_force_from <= today:
        raise Conflict("forms.in_force_already", **name, date=row.in_force_from)
    if in_force_from < today:
        raise Refused("forms.in_force_past", field="in_force_from")
    same_day = QuestionSetVersion.objects.filter(name=row.name, in_force_from=in_force_from)
    # Of two versions from one day the newer one is asked: this one never would be.
    if same_day.filter(version__gt=row.version).exists():
        raise Conflict("forms.in_force_hidden", date=in_force_from)
    row.in_force_from = in_force_from
    row.save(update_fields=["in_force_from"])
    _forget_versions()


def _forget_versions() -> None:
    """Let this process see the change at once, and again when it is committed."""
    forget_versions()
    transaction.on_commit(forget_versions)
