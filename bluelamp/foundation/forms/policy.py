"""Who may open which drafts. Question sets are nobody's data: a permission is enough for them."""

from django.db.models import Q

from bluelamp.foundation.accounts.policy import Policy
from bluelamp.foundation.forms.models import FormDraft
from bluelamp.foundation.kernel.actor import Actor


class FormDraftPolicy(Policy[FormDraft]):
    """Staff open their own drafts. The public open any that has no owner, by its secret."""

    model = FormDraft
    not_found = "There is no such form, or it was last saved too long ago."

    def need_to_know(self, actor: Actor) -> Q:
        """Return the condition for drafts that the actor began while signed in."""
        return Q(owner_id=actor.id)

    def for_public(self, actor: Actor) -> Q:
        """Return the condition for drafts of the actor's force that have a secret."""
        return self.for_force(actor) & Q(owner__isnull=True)


form_draft_policy = FormDraftPolicy()
