"""Who may see which applications and certificates: people of the force."""

from bluelamp.foundation.accounts.policy import Policy
from bluelamp.services.firearms.models import Application, AuthorityEntry, Certificate, Decision
from bluelamp.services.firearms.models.notices import HolderNotice
from bluelamp.services.firearms.models.vetting import VettingTask


class ApplicationPolicy(Policy[Application]):
    """Those of the actor's force."""

    model = Application
    not_found = "There is no such application."


class CertificatePolicy(Policy[Certificate]):
    """Those of the actor's force."""

    model = Certificate
    not_found = "There is no such certificate."


class DecisionPolicy(Policy[Decision]):
    """Those of the actor's force."""

    model = Decision
    not_found = "There is no such decision."
    only_grows = True


class AuthorityPolicy(Policy[AuthorityEntry]):
    """Those of the actor's force."""

    model = AuthorityEntry
    not_found = "There is no such line of the authority table."


application_policy = ApplicationPolicy()
certificate_policy = CertificatePolicy()
decision_policy = DecisionPolicy()
authority_policy = AuthorityPolicy()


class VettingPolicy(Policy[VettingTask]):
    """Those of the actor's force."""

    model = VettingTask
    not_found = "There is no such vetting task."


vetting_policy = VettingPolicy()


class NoticePolicy(Policy[HolderNotice]):
    """Those of the actor's force."""

    model = HolderNotice
    not_found = "There is no such notice."
    only_grows = True


notice_policy = NoticePolicy()
