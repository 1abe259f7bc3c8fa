"""The versions of question sets, and forms that somebody is filling in."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from bluelamp.foundation.kernel.record import Handling, Record


class QuestionSetVersion(Record):
    """One version of a question set: the text of its file, which never changes."""

    handling: ClassVar = Handling(classification="OFFICIAL", retention="permanent", export=True)

    name = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    content = models.TextField(help_text="The file, as it was loaded.")
    translations = models.JSONField(
        default=dict, help_text="For each language, the file of its translations."
    )
    sha256 = models.CharField(max_length=64, help_text="Of the file and its translations.")
    is_built_in = models.BooleanField(help_text="Whether it came with Bluelamp.")
    in_force_from = models.DateField(null=True, help_text="Empty until it is put in force.")
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="question_set_loaded_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} version {self.version}"


class FormDraft(Record):
    """A form that somebody is filling in. It ends on the version it was begun on.

    A member of staff's draft has an owner. Any other is opened by a secret that only its cookie or
    link has.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE",
        retention="form-draft-90-days",
        export=False,
        counted_from="saved_at",
    )

    force = models.CharField(max_length=4)
    question_set = models.ForeignKey(QuestionSetVersion, on_delete=models.PROTECT)
    subject = models.CharField(
        max_length=200, blank=True, help_text="What it is about, in its front end's own terms."
    )
    texts = models.JSONField(default=dict, help_text="Each field as it was typed, right or wrong.")
    sources = models.JSONField(
        default=dict, help_text="For each field that we filled in: our text, and where it is from."
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    secret_sha256 = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["owner", "subject"], name="form_draft_by_subject")]
        constraints = [
            models.CheckConstraint(
                name="form_draft_has_owner_or_secret",
                condition=models.Q(owner__isnull=False, secret_sha256="")
                | models.Q(owner__isnull=True) & ~models.Q(secret_sha256=""),
            )
        ]

    def __str__(self) -> str:
        return f"a draft of {self.question_set}"
