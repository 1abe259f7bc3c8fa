"""Recommendations, decisions, the notices of them, appeals, and who has authority to decide."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.services.firearms.rules.authority import Risk
from bluelamp.services.firearms.rules.decisions import AppealResult, DecisionKind

_HANDLING = Handling(
    classification="OFFICIAL-SENSITIVE", retention="firearms-20-years", export=True
)
_DECISIONS = [(kind.value, kind.value) for kind in DecisionKind]
_RISKS = [(risk.value, risk.value) for risk in Risk]


class AuthorityEntry(Record):
    """One line of the authority table: who may decide what, to which limit, from when.

    The chief constable's written delegation (statutory guidance 3.47), which `written_in` names.
    `certificate_kind` is "" for any. Only its end can be set later.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="firearms-20-years", export=True
    )
    force = models.CharField(max_length=4)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    decision = models.CharField(max_length=16, choices=_DECISIONS)
    certificate_kind = models.CharField(max_length=16, blank=True)
    max_risk = models.CharField(max_length=8, choices=_RISKS)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    written_in = models.CharField(max_length=200)
    granted_by_name = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["force", "user", "decision"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="an_authority_ends_after_it_began",
            ),
            models.CheckConstraint(condition=~Q(written_in=""), name="an_authority_is_in_writing"),
        ]


class Recommendation(Record):
    """What the enquiry officer recommends, with factors and conclusion. Never changed.

    `conditions` are the extra conditions of a firearm certificate. A later recommendation replaces
    an earlier one, which stays.
    """

    handling: ClassVar = _HANDLING
    application = models.ForeignKey(
        "firearms.Application", models.PROTECT, related_name="recommendations"
    )
    decision = models.CharField(max_length=16, choices=_DECISIONS)
    risk = models.CharField(max_length=8, choices=_RISKS)
    grounds = ArrayField(models.CharField(max_length=20), default=list)
    factors = models.TextField()
    conclusion = models.TextField()
    conditions = models.JSONField(default=list)
    recommended_at = models.DateTimeField()
    recommended_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # The name at that time: an account's name can change later.
    recommended_by_name = models.CharField(max_length=200)


class Decision(Record):
    """A decision on an application, or the revocation of a certificate. Never changed.

    `authority` is the line of the authority table under which it was made. `granted_kinds` are the
    kinds of certificates that may be issued: not each kind that was asked for, in a partial grant.
    `handed_in_by` is the last day to hand certificate and guns in; `is_at_once` that the notice
    demands them at once, on safety grounds (1988 Act s.12).
    """

    handling: ClassVar = _HANDLING
    force = models.CharField(max_length=4)
    application = models.ForeignKey(
        "firearms.Application", models.PROTECT, null=True, related_name="decisions"
    )
    certificate = models.ForeignKey(
        "firearms.Certificate", models.PROTECT, null=True, related_name="decisions"
    )
    recommendation = models.ForeignKey(
        Recommendation, models.PROTECT, null=True, related_name="decisions"
    )
    decision = models.CharField(max_length=16, choices=_DECISIONS)
    grounds = ArrayField(models.CharField(max_length=20), default=list)
    reasons = models.TextField()
    authority = models.ForeignKey(AuthorityEntry, models.PROTECT, related_name="+")
    granted_kinds = ArrayField(models.CharField(max_length=16), default=list)
    court = models.CharField(max_length=80, blank=True)
    is_at_once = models.BooleanField(default=False)
    handed_in_by = models.DateField(null=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_by_name = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["force", "decided_at"], name="firearms_decisions_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(application__isnull=False, certificate=None)
                | Q(application=None, certificate__isnull=False),
                name="a_decision_is_about_one_thing",
            ),
            models.UniqueConstraint(fields=["application"], name="an_application_is_decided_once"),
            models.CheckConstraint(
                condition=Q(decision=DecisionKind.GRANT) | ~Q(grounds=[]),
                name="a_decision_against_somebody_has_a_ground",
            ),
        ]


class NoticeReceipt(Record):
    """That somebody received the notice of a decision, and how we know. Never changed.

    The days for an appeal count from `received_on`; `appeal_until` is the last one.
    """

    handling: ClassVar = _HANDLING
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="receipt")
    received_on = models.DateField()
    appeal_until = models.DateField()
    proof = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_by_name = models.CharField(max_length=200)


class Appeal(Record):
    """An appeal against a decision. Never changed."""

    handling: ClassVar = _HANDLING
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="appeal")
    court = models.CharField(max_length=200)
    court_reference = models.CharField(max_length=60, blank=True)
    lodged_on = models.DateField()
    is_in_time = models.BooleanField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_by_name = models.CharField(max_length=200)


class AppealOutcome(Record):
    """How an appeal ended. Never changed."""

    handling: ClassVar = _HANDLING
    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="outcome")
    result = models.CharField(
        max_length=12, choices=[(result.value, result.value) for result in AppealResult]
    )
    reasons = models.TextField(blank=True)
    ended_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_by_name = models.CharField(max_length=200)


class AppealConfirmation(Record):
    """That another person read the court's order, after which an allowed appeal takes effect."""

    handling: ClassVar = _HANDLING
    outcome = models.OneToOneField(AppealOutcome, models.PROTECT, related_name="confirmation")
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    confirmed_by_name = models.CharField(max_length=200)


class CertificateEnd(Record):
    """That a certificate was surrendered or seized, and why. Never changed."""

    handling: ClassVar = _HANDLING
    certificate = models.ForeignKey("firearms.Certificate", models.PROTECT, related_name="ends")
    kind = models.CharField(max_length=12)
    reason = models.TextField()
    ended_on = models.DateField()
    # Where the guns went: a dealer, another holder, or our store.
    guns_went_to = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_by_name = models.CharField(max_length=200)
