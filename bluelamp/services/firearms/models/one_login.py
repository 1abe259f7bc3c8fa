"""Who at GOV.UK One Login follows which applications, and their sessions."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.services.firearms.models.applications import Application


class OneLoginLink(Record):
    """That an application belongs to somebody's GOV.UK One Login, by a one-time code.

    `issuer` and `subject` together are the person: no name or address is. A subject is made for us
    alone and says nothing elsewhere. Somebody who has a new One Login proves again with a code that
    the application is theirs, which ends the link before.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="firearms-20-years", export=False
    )
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    application = models.ForeignKey(Application, models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["issuer", "subject"],
                condition=Q(ended_at=None),
                name="firearms_one_login_links",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(ended_at=None),
                name="one_one_login_for_an_application",
            )
        ]


class OneLoginSession(Record):
    """A session that GOV.UK One Login vouched for, and the application that its pages show."""

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE",
        # It is what a one-time code opens for others, and kept as long.
        retention="one-time-code-7-days",
        export=False,
        counted_from="opened_at",
    )
    force = models.CharField(max_length=4)
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["issuer", "subject"],
                condition=Q(ended_at=None),
                name="firearms_one_login_sessions",
            )
        ]
