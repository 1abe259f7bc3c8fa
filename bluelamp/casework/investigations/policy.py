"""Who may see which parts of an investigation: those of crimes of their own force."""

from bluelamp.casework.investigations.models import Exhibit, Statement
from bluelamp.foundation.accounts.policy import Policy


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


statement_policy = StatementPolicy()
exhibit_policy = ExhibitPolicy()
