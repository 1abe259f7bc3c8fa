"""Requests for information, what happened to each, the files that answer them, and their links."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.records.evidence.models import Item
from bluelamp.services.requests.rules import Clock, RequestState

_HANDLING = Handling(classification="OFFICIAL-SENSITIVE", retention="finance-7-years", export=True)


class ServiceVersion(Record):
    """A service as the force's staff set it, from a day on. Never changed: a later row replaces it.

    Services that nobody has set are as they came with the program.
    """

    handling: ClassVar = Handling(classification="OFFICIAL", retention="permanent", export=True)
    force = models.CharField(max_length=4)
    code = models.CharField(max_length=40)
    valid_from = models.DateField()
    title = models.CharField(max_length=200)
    who = models.TextField()
    needed = models.TextField()
    fee_code = models.CharField(max_length=40, blank=True)
    clock = models.CharField(
        max_length=20, blank=True, choices=[(clock.value, clock.value) for clock in Clock]
    )
    is_offered = models.BooleanField()
    source = models.CharField(max_length=400)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_by_name = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["force", "code", "-valid_from"])]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="a_service_has_a_source"),
        ]


class InformationRequest(Record):
    """Somebody's request for information, as the answers to the service's question set.

    `answer_due_on` is a day in London, the last one on which we answer.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE",
        retention="finance-7-years",
        export=True,
        counted_from="received_at",
    )
    force = models.CharField(max_length=4)
    reference = models.CharField(max_length=20, unique=True)
    service_code = models.CharField(max_length=40)
    # The title at that time: staff can change it later.
    service_title = models.CharField(max_length=200)
    is_soft = models.BooleanField(default=False)
    question_set = models.CharField(max_length=60)
    question_set_version = models.PositiveIntegerField()
    # The set as it was then: a later version may have dropped a question that they answered.
    answers = models.JSONField(default=dict)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True)
    # Of our messages. With a default of the database, for what the release before writes.
    language = models.CharField(max_length=2, default="en", db_default="en")
    state = models.CharField(
        max_length=20, choices=[(state.value, state.value) for state in RequestState]
    )
    received_at = models.DateTimeField()
    answer_due_on = models.DateField(null=True)
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    refusal_reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["force", "state", "received_at", "id"], name="requests_by_state"),
            models.Index(
                fields=["force", "answer_due_on", "received_at", "id"],
                condition=Q(state=RequestState.OPEN),
                name="requests_open_by_due_day",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=RequestState.REFUSED) | ~Q(refusal_reason=""),
                name="a_refused_request_has_a_reason",
            ),
        ]


class RequestEntry(Record):
    """Something that happened to a request. Triggers refuse any change."""

    handling: ClassVar = _HANDLING
    request = models.ForeignKey(InformationRequest, models.PROTECT, related_name="entries")
    act = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["request", "at"])]


class RequestQuote(Record):
    """What staff say that a request costs, before it is paid. Triggers refuse any change.

    A later quote takes the place of the one before. What the person answered is an entry.
    """

    handling: ClassVar = _HANDLING
    request = models.ForeignKey(InformationRequest, models.PROTECT, related_name="quotes")
    number = models.PositiveSmallIntegerField()
    lines = models.JSONField(help_text="The fees, each with its title, quantity and pence.")
    total_pence = models.PositiveIntegerField()
    note = models.TextField(blank=True, help_text="What the person reads beside the price.")
    quoted_at = models.DateTimeField()
    quoted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    quoted_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="a_quote_has_its_number"),
            models.CheckConstraint(condition=Q(total_pence__gt=0), name="a_quote_costs_something"),
        ]


class RequestFile(Record):
    """A file that answers a request: a redacted copy. The original stays where it is, as it is."""

    handling: ClassVar = _HANDLING
    request = models.ForeignKey(InformationRequest, models.PROTECT, related_name="files")
    item = models.OneToOneField(Item, models.PROTECT, related_name="+")
    redaction_note = models.TextField(help_text="What was taken out, and why.")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(redaction_note=""), name="a_file_says_what_is_out"),
        ]


class Delivery(Record):
    """What delivers the files of a request until it ends, by a link or after a one-time code.

    Of a link only its secret's hash is kept. There is a link only where the e-mail address was
    confirmed. The page that a code opens offers the files in either case.
    """

    handling: ClassVar = _HANDLING
    request = models.ForeignKey(InformationRequest, models.PROTECT, related_name="deliveries")
    secret_sha256 = models.CharField(max_length=64, unique=True, null=True)
    sent_at = models.DateTimeField()
    # A day and no instant: whoever reads "until 27 December" has that whole day.
    expires_on = models.DateField()
    downloads = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
