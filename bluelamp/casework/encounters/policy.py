"""Who may see which encounters."""

from django.db.models import Q

from bluelamp.casework.encounters.models import Encounter
from bluelamp.casework.encounters.rules import SCENE_KINDS, EncounterKind
from bluelamp.foundation.accounts.policy import NOTHING, Policy
from bluelamp.foundation.kernel.actor import Actor


class EncounterPolicy(Policy[Encounter]):
    """Those that the actor recorded; for supervisors, those of their force.

    A risk assessment can tell somebody where a victim is afraid and of whom, and who harms them may
    work for the force. So to see what other officers recorded at the scene is not enough to see it.
    """

    model = Encounter
    only_grows = True
    not_found = "There is no such record."

    def need_to_know(self, actor: Actor) -> Q:
        """Return the condition for the actor's own, and all of a kind where they supervise it."""
        visible = Q(recorded_by_id=actor.id) if actor.id else NOTHING
        if actor.may("encounter.view_all"):
            visible |= Q(kind__in=SCENE_KINDS)
        if actor.may("risk.view_all"):
            visible |= Q(kind=EncounterKind.RISK_ASSESSMENT)
        return visible


encounter_policy = EncounterPolicy()
