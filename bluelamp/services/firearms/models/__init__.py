"""Tables of firearms licensing, by what they are about."""

from bluelamp.services.firearms.models.applications import Application, StageEntry
from bluelamp.services.firearms.models.certificates import (
    Ammunition,
    Certificate,
    CertificateCondition,
    Gun,
    LawChange,
)
from bluelamp.services.firearms.models.checks import Check, CheckEntry
from bluelamp.services.firearms.models.decisions import (
    Appeal,
    AppealConfirmation,
    AppealOutcome,
    AuthorityEntry,
    CertificateEnd,
    Decision,
    NoticeReceipt,
    Recommendation,
)
from bluelamp.services.firearms.models.medical import MedicalDeclaration, MonitoringAnswers
from bluelamp.services.firearms.models.notice_actions import NoticeAction
from bluelamp.services.firearms.models.notices import HealthNotice, HolderNotice
from bluelamp.services.firearms.models.one_login import OneLoginLink, OneLoginSession
from bluelamp.services.firearms.models.permits import TemporaryPermit
from bluelamp.services.firearms.models.referees import Referee
from bluelamp.services.firearms.models.saved import SavedApplication
from bluelamp.services.firearms.models.vetting import VettingDecision, VettingTask
from bluelamp.services.firearms.models.wordings import ConditionWording

__all__ = [
    "Ammunition",
    "Appeal",
    "AppealConfirmation",
    "AppealOutcome",
    "Application",
    "AuthorityEntry",
    "Certificate",
    "CertificateCondition",
    "CertificateEnd",
    "Check",
    "CheckEntry",
    "ConditionWording",
    "Decision",
    "Gun",
    "HealthNotice",
    "HolderNotice",
    "LawChange",
    "MedicalDeclaration",
    "MonitoringAnswers",
    "NoticeAction",
    "NoticeReceipt",
    "OneLoginLink",
    "OneLoginSession",
    "Recommendation",
    "Referee",
    "SavedApplication",
    "StageEntry",
    "TemporaryPermit",
    "VettingDecision",
    "VettingTask",
]
