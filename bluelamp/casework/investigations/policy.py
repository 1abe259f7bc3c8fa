"""Who may see which parts of an investigation: those of crimes of their own force."""

from bluelamp.casework.investigations.models import (
    Action,
    Exhibit,
    ExhibitBlock,
    SceneExhibit,
    Statement,
)
from bluelamp.foundation.accounts.policy import Policy


class ActionPolicy(Policy[Action]):
    """Actions about crimes of the actor's force."""

    model = Action
    force_field = "crime__force"
    not_found = "There is no such action"


class StatementPolicy(Policy[Statement]):
    """Statements about crimes of the actor's force."""

    model = Statement
    only_grows = True
    force_field = "crime__force"
    not_found = "There is no such statement"


class ExhibitPolicy(Policy[Exhibit]):
    """Exhibits of crimes of the actor's force."""

    model = Exhibit
    only_grows = True
    force_field = "crime__force"
    not_found = "There is no such exhibit"


class SceneExhibitPolicy(Policy[SceneExhibit]):
    """References that were given at scenes of the actor's force."""

    model = SceneExhibit
    only_grows = True
    force_field = "force"
    not_found = "There is no such exhibit"


class ExhibitBlockPolicy(Policy[ExhibitBlock]):
    """References leased to phones of the actor's force."""

    model = ExhibitBlock
    only_grows = True
    force_field = "force"
    not_found = "There is no such block of references"


action_policy = ActionPolicy()
statement_policy = StatementPolicy()
exhibit_policy = ExhibitPolicy()
scene_exhibit_policy = SceneExhibitPolicy()
exhibit_block_policy = ExhibitBlockPolicy()
