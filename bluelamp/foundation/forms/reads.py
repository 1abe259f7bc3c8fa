"""Rows of drafts for this domain's own lookups and commands."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from bluelamp.foundation.forms.models import FormDraft, QuestionSetVersion
from bluelamp.foundation.forms.policy import form_draft_policy
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.retention import POLICIES


def find_draft_row(
    *, actor: Actor, at: datetime, draft_id: UUID, secret: str, lock: bool = False
) -> FormDraft:
    """Return a draft that the actor may open, perhaps locked until the transaction ends.

    Raises:
        NotFound: There is no such draft, it is too old, it is another's, or the secret is wrong.
    """
    return form_draft_policy.get(
        actor,
        lock=lock,
        id=draft_id,
        secret_sha256=hash_secret(secret),
        saved_at__gt=_oldest_save(at),
    )


def find_version_row(name: str, version: int) -> QuestionSetVersion:
    """Return one version of a question set. Raises NotFound where there is none."""
    row = QuestionSetVersion.objects.filter(name=name, version=version).first()
    if row is None:
        raise NotFound("There is no such form.")
    return row


def find_own_draft_rows(*, actor: Actor, at: datetime) -> QuerySet[FormDraft]:
    """Return the drafts that the actor began while signed in."""
    drafts = form_draft_policy.queryset(actor).exclude(owner=None)
    return drafts.filter(saved_at__gt=_oldest_save(at))


def _oldest_save(at: datetime) -> datetime:
    """Return when a draft that is still open was last saved, at the earliest."""
    period = POLICIES[FormDraft.handling.retention].period
    return at - (period or timedelta())


def hash_secret(secret: str) -> str:
    """Return what is stored of a secret: "" for none."""
    # A plain hash is enough: unlike a password, 256 random bits cannot be tried through.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest() if secret else ""
