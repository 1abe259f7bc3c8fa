"""How long rows are kept: the policies that models name, and the nightly job that applies them.

A policy says what happens at the end of its period: "delete", "review" (a person decides; the
number of rows due is in /metrics) or "keep". A system check refuses a model whose policy is
unknown, and a "delete" policy that nothing executes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from django.apps import apps
from django.db import connection, models, transaction

from bluelamp.foundation.kernel import clock
from bluelamp.foundation.kernel.database.write_guard import Exemption, writes_outside_commands
from bluelamp.foundation.kernel.jobs.queues import Queue, periodic
from bluelamp.foundation.kernel.record import Handling, Record

_BATCH = 1000
# procrastinate's tables are no models of ours: failed jobs are kept as long as the events they
# were for
_JOBS_KEPT = timedelta(days=90)
# With leap days: six years of 365 days would end a day or two early.
_YEAR = timedelta(days=365.25)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPolicy:
    """How long rows are kept, and what happens then.

    Attributes:
        action: What happens at the end of the period.
        period: How long rows are kept; None where another record decides it.
        authority: The law, code or decision that it rests on.
        executed_by: The job that deletes the rows where more than rows must go; "" where
            `delete_expired_rows` does it.
    """

    action: Literal["delete", "review", "keep"]
    period: timedelta | None
    authority: str
    executed_by: str = ""


POLICIES: dict[str, RetentionPolicy] = {
    "permanent": RetentionPolicy(
        action="keep",
        period=None,
        authority="Reference data, number series and the logs that prove the rest: they name"
        " nobody, and older records cannot be read or proved without them.",
    ),
    "while-in-use": RetentionPolicy(
        action="keep", period=None, authority="Configuration: a role lasts until staff remove it."
    ),
    "mopi-group-3": RetentionPolicy(
        action="review",
        period=6 * _YEAR,
        authority="Police Information and Records Management Code of Practice 2023 and APP on"
        " management of police information: group 3, first review after six years.",
    ),
    "mopi-as-linked": RetentionPolicy(
        action="review",
        period=None,
        authority="APP on management of police information: people, places and things are"
        " reviewed with the records that name them.",
    ),
    "as-the-capture": RetentionPolicy(
        action="review",
        period=None,
        authority="A receipt is reviewed with what it confirms.",
    ),
    "audit-12-years": RetentionPolicy(
        action="review",
        period=12 * _YEAR,
        authority="Data Protection Act 2018, section 62 (logs); kept twice the first review"
        " period of the records they are about. Audit tables refuse deletion, so that each"
        " removal is decided by a person.",
    ),
    "employment-plus-6-years": RetentionPolicy(
        action="review",
        period=None,
        authority="Limitation Act 1980: six years after employment ends. The day of leaving is"
        " kept by the force's own staff records.",
    ),
    "finance-7-years": RetentionPolicy(
        action="review",
        period=7 * _YEAR,
        authority="Value Added Tax Act 1994, schedule 11, paragraph 6 (records for six years), with"
        " a year to end them by; GOV.UK Pay keeps a payment for as long. The ledger refuses"
        " deletion, so that each removal is decided by a person.",
    ),
    "firearms-20-years": RetentionPolicy(
        action="review",
        period=None,
        authority="Firearms (Amendment) Act 1997, section 39: the register of applicants, holders"
        " and their guns is kept for 20 years at least.",
    ),
    "messages-2-years": RetentionPolicy(
        action="delete",
        period=2 * _YEAR,
        authority="Code of Practice for Victims of Crime: shows that a victim was informed.",
    ),
    "draft-14-days": RetentionPolicy(
        action="delete",
        period=timedelta(days=14),
        authority="UK GDPR, article 5(1)(e): a report that was never submitted.",
        executed_by="reports.sweep_drafts",
    ),
    "form-draft-90-days": RetentionPolicy(
        action="delete",
        period=timedelta(days=90),
        authority="UK GDPR, article 5(1)(e): a form that was not finished within three months of"
        " the last time it was saved. Applications take weeks, so it is longer than for a report.",
    ),
    "7-days": RetentionPolicy(
        action="delete",
        period=timedelta(days=7),
        authority="UK GDPR, article 5(1)(e): one-time codes, kept to count attempts.",
        executed_by="victims.delete_old_codes",
    ),
    "one-time-code-7-days": RetentionPolicy(
        action="delete",
        period=timedelta(days=7),
        authority="UK GDPR, article 5(1)(e): one-time codes of services, kept to count attempts.",
    ),
    "90-days": RetentionPolicy(
        action="delete",
        period=timedelta(days=90),
        authority="UK GDPR, article 5(1)(e): technical data, kept to look into faults.",
    ),
}


class RetentionCount(Record):
    """What the last nightly run found in one table."""

    handling: ClassVar = Handling(classification="OFFICIAL", retention="permanent", export=False)
    table = models.CharField(max_length=80, unique=True)
    policy = models.CharField(max_length=40)
    due_for_review = models.PositiveBigIntegerField(default=0)
    deleted = models.PositiveBigIntegerField(default=0)
    counted_at = models.DateTimeField()


def handled_models() -> Iterator[tuple[type[models.Model], Handling]]:
    """Yield each of our models that states its handling."""
    for model in apps.get_models():
        handling = getattr(model, "handling", None)
        if isinstance(handling, Handling):
            yield model, handling


def expired_rows(model: type[models.Model], at: datetime) -> models.QuerySet[Any]:
    """Return the rows of a model whose retention period ended before an instant.

    Those with an earlier end of their own are among them. None where the policy has no period or
    the model does not say from when it counts.
    """
    handling: Handling = model.handling  # type: ignore[attr-defined]
    policy = POLICIES[handling.retention]
    manager = model._default_manager
    if policy.period is None or not handling.counted_from:
        return manager.none()
    cutoff = at - policy.period
    field = model._meta.get_field(handling.counted_from)
    # Both, because DateTimeField is a subclass of DateField.
    is_date = isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField)
    value = clock.london_date(cutoff) if is_date else cutoff
    ended = models.Q(**{f"{handling.counted_from}__lt": value})
    if handling.ends_at:
        ended |= models.Q(**{f"{handling.ends_at}__lte": at})
    return manager.filter(ended)


def apply_policies(at: datetime) -> list[RetentionCount]:
    """Delete the rows whose time is over, count those due for review, and return the counts."""
    counts = []
    for model, handling in handled_models():
        policy = POLICIES[handling.retention]
        # Another job deletes these rows, with the files that belong to them; or nothing ever does.
        if not handling.counted_from or policy.executed_by or policy.action == "keep":
            continue
        deleted = due = 0
        if policy.action == "delete":
            deleted = delete_expired_rows(model, at)
        else:
            due = expired_rows(model, at).count()
        count, _ = RetentionCount.objects.update_or_create(
            table=model._meta.db_table,
            defaults={
                "policy": handling.retention,
                "due_for_review": due,
                "deleted": deleted,
                "counted_at": at,
            },
        )
        counts.append(count)
    return counts


def delete_expired_rows(model: type[models.Model], at: datetime) -> int:
    """Delete the rows of a model whose time is over, and return how many there were.

    Each batch is a transaction of its own, so that nobody waits long for a lock and an
    interruption loses one batch at most.
    """
    total = 0
    while True:
        with transaction.atomic():
            # In small transactions: one that deletes a million rows holds its locks for minutes.
            keys = list(expired_rows(model, at).values_list("pk", flat=True)[:_BATCH])
            model._default_manager.filter(pk__in=keys).delete()
        total += len(keys)
        if len(keys) < _BATCH:
            return total


def delete_old_jobs(at: datetime) -> int:
    """Delete the jobs that failed or were cancelled long ago, and return how many there were.

    Workers delete a job that succeeds at once. A job's latest event says when it ended.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE status NOT IN ('todo', 'doing')"
            " AND id IN (SELECT job_id FROM procrastinate_events GROUP BY job_id"
            " HAVING max(at) < %s)",
            [at - _JOBS_KEPT],
        )
        count: int = cursor.rowcount
    return count


def count_rows_due_for_review() -> dict[str, int]:
    """Return how many rows of each table are due for review, as the last nightly run counted."""
    rows = RetentionCount.objects.exclude(due_for_review=0)
    return dict(rows.order_by("table").values_list("table", "due_for_review"))


@periodic(cron="11 2 * * *", name="kernel.apply_retention", queue=Queue.BULK)
def apply_policies_every_night() -> None:
    """Apply every retention policy."""
    at = clock.now()
    with writes_outside_commands(Exemption.RETENTION):
        apply_policies(at)
    # Not our tables but procrastinate's, which the guard lets anybody write.
    delete_old_jobs(at)
