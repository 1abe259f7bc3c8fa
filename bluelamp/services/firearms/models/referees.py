"""Referees of applications, and what they answered."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.records.people.models import Person
from bluelamp.services.firearms.models.applications import Application


class Referee(Record):
    """Somebody who is asked about an applicant, by a private link of which only a hash is kept.

    A referee who is replaced stays on record. The answers never change once they came.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="firearms-20-years", export=False
    )
    application = models.ForeignKey(Application, models.PROTECT, related_name="referees")
    position = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    # As the application gives them: the person's record can be corrected later.
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    token_sha256 = models.CharField(max_length=64, blank=True)
    link_sent_at = models.DateTimeField(null=True)
    link_ends_at = models.DateTimeField(null=True)
    question_set_version = models.PositiveIntegerField(null=True)
    texts = models.JSONField(
        db_default={}, help_text="What they typed so far; empty once it is sent."
    )
    answers = models.JSONField(default=dict, help_text="The values by the ids of the questions.")
    replied_at = models.DateTimeField(null=True)
    # Of a reply on paper: the day it came in, and who keyed it. None and "" of one by the link.
    paper_received_on = models.DateField(null=True)
    keyed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    keyed_by_name = models.CharField(max_length=200, blank=True, db_default="")
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "position"],
                condition=Q(replaced_at=None),
                name="one_referee_for_a_position",
            ),
            models.UniqueConstraint(
                fields=["token_sha256"],
                condition=~Q(token_sha256=""),
                name="one_referee_for_a_link",
            ),
        ]
