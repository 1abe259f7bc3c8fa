"""What applicants declare of their health, apart from the rest of their applications."""

from typing import ClassVar

from django.db import models

from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.services.firearms.models.applications import Application


class MedicalDeclaration(Record):
    """The medical answers of an application. Only the few who check and decide read them.

    They are in no list, search or export.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="firearms-20-years", export=False
    )
    application = models.OneToOneField(Application, models.PROTECT, related_name="medical")
    answers = models.JSONField(help_text="The values by the ids of the questions.")
    report_received_at = models.DateTimeField(
        null=True, help_text="When the doctor's report came, with the form or later."
    )


class MonitoringAnswers(Record):
    """Answers to the questions on equality, with the month and not the application they are of."""

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="firearms-20-years", export=False
    )
    force = models.CharField(max_length=4)
    month = models.DateField(help_text="The first day of the month in which they came.")
    question_set = models.CharField(max_length=60)
    answers = models.JSONField()
