"""Who may see which items and uploads."""

from django.db.models import Q

from bluelamp.foundation.accounts.policy import EVERYTHING, Policy
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.evidence.models import Item, Upload

_permissions: dict[str, str] = {}
"""By the kind of record that an item belongs to: the permission that it needs beyond our own."""


def restrict_items(subject_kind: str, permission: str) -> None:
    """Let only people with a permission see the items of one kind of record.

    The domain that has the record calls this when it starts (`AppConfig.ready`).
    """
    _permissions[subject_kind] = permission


def audit_ref(row: Item | Upload) -> str:
    """Return what the audit record calls a file: its name, or its id where few may see it.

    People write whose file it is, and what they suffer from, into the name of a medical report. The
    record is read by auditors, who may not see the report.
    """
    return str(row.id) if row.subject.kind in _permissions else row.filename


class ItemPolicy(Policy[Item]):
    """Items of the actor's force.

    Files of some records hold what only a few may see: those need the permission of their domain as
    well, such as the medical reports of applicants.

    A prosecutor and a member of the public see items only through a case file, a report or a code
    of their own. The domain that has that record decides, and asks for the items by their subject.
    """

    model = Item
    not_found = "There is no such item"

    def need_to_know(self, actor: Actor) -> Q:
        """Return the condition that an item is of no record that is closed to the actor."""
        closed = [kind for kind, name in _permissions.items() if not actor.may(name)]
        return ~Q(subject_kind__in=closed) if closed else EVERYTHING


class UploadPolicy(Policy[Upload]):
    """Uploads that the actor began, whatever organisation the actor belongs to."""

    model = Upload
    not_found = "There is no such upload"

    def visible_to(self, actor: Actor) -> Q:
        """Return the condition that the actor is the sender."""
        return Q(force=actor.force, made_by_kind=actor.kind, made_by_id=actor.id)


item_policy = ItemPolicy()
upload_policy = UploadPolicy()
