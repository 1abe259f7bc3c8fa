"""Who may see which parts of an investigation: those of crimes of their own force."""

from bluelamp.casework.investigations.models import Action, Exhibit, Statement
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


action_policy = ActionPolicy()
statement_policy = StatementPolicy()
exhibit_policy = ExhibitPolicy()
