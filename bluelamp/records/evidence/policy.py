"""Who may see which items and uploads."""

from django.db.models import Q

from bluelamp.foundation.accounts.policy import Policy
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.evidence.models import Item, Upload


class ItemPolicy(Policy[Item]):
    """Items of the actor's force.

    A prosecutor and a member of the public see items only through a case file, a report or a code
    of their own. The domain that has that record decides, and asks for the items by their subject.
    """

    model = Item
    not_found = "There is no such item"


class UploadPolicy(Policy[Upload]):
    """Uploads that the actor began, whatever organisation the actor belongs to."""

    model = Upload
    not_found = "There is no such upload"

    def visible_to(self, actor: Actor) -> Q:
        """Return the condition that the actor is the sender."""
        return Q(force=actor.force, made_by_kind=actor.kind, made_by_id=actor.id)


item_policy = ItemPolicy()
upload_policy = UploadPolicy()
