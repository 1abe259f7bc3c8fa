"""Rows of reports for this domain's own lookups and commands.

Nothing here checks a permission or records an act, and everything here returns rows. So only
`bluelamp.casework.reports` may import it; other domains use `lookups`.
"""

import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from bluelamp.casework.reports.models import Report, ReportDraft
from bluelamp.casework.reports.policy import report_policy
from bluelamp.casework.reports.rules import parse_reference, report_subject
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.evidence.models import Item


def find_report_row(*, actor: Actor, reference: str) -> Report:
    """Return a report that the actor may see, with its person reporting and location.

    Args:
        actor: Who asks.
        reference: Its reference, however it was typed.

    Raises:
        NotFound: There is no such report, or another force has it.
    """
    return _require_report(_reports_with_related(actor), reference)


def lock_report_row(*, actor: Actor, reference: str) -> Report:
    """Return a report that the actor may see, locked until the transaction ends.

    Only the report's own row is locked, not the person reporting or the location.

    Raises:
        NotFound: There is no such report, or another force has it.
    """
    # Only the report: other reports of the same person need not wait for this one.
    return _require_report(_reports_with_related(actor).select_for_update(of=("self",)), reference)


def _reports_with_related(actor: Actor) -> QuerySet[Report]:
    return report_policy.queryset(actor).select_related("person_reporting__address", "location")


def _require_report(rows: QuerySet[Report], reference: str) -> Report:
    report = rows.filter(reference=parse_reference(reference) or "").first()
    if report is None:
        raise NotFound(report_policy.not_found)
    return report


def find_draft_row(*, draft_id: UUID, secret: str, at: datetime) -> ReportDraft:
    """Return a draft to whoever has its secret.

    Raises:
        NotFound: There is no such draft, it has expired, or the secret is another's.
    """
    return _require_secret(
        ReportDraft.objects.filter(id=draft_id, expires_at__gt=at).first(), secret
    )


def lock_draft_row(*, draft_id: UUID, secret: str, at: datetime) -> ReportDraft:
    """Return a draft to whoever has its secret, locked until the transaction ends.

    Raises:
        NotFound: There is no such draft, it has expired, or the secret is another's.
    """
    drafts = ReportDraft.objects.select_for_update()
    return _require_secret(drafts.filter(id=draft_id, expires_at__gt=at).first(), secret)


def _require_secret(draft: ReportDraft | None, secret: str) -> ReportDraft:
    secret_sha256 = hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
    # Compared in constant time, so that nobody finds the hash by measuring.
    if draft is None or not hmac.compare_digest(draft.secret_sha256, secret_sha256):
        raise NotFound("There is no such draft, or it was started too long ago.")
    return draft


def draft_item_ids(draft: ReportDraft) -> list[UUID]:
    """Return the items of a draft in the order they arrived, without those that were removed."""
    items = Item.objects.filter(force=draft.force, **report_subject(draft.id).as_columns())
    item_ids = items.order_by("received_at", "id").values_list("id", flat=True)
    # Removed items stay in evidence, which is never deleted: they are left out here.
    return [item_id for item_id in item_ids if item_id not in draft.removed_item_ids]
