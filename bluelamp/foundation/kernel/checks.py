"""System checks: every table of ours says how its rows are handled, and something does it."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from procrastinate.contrib.django import app

from bluelamp.foundation.kernel.record import Handling
from bluelamp.foundation.kernel.retention import POLICIES


@register
def check_handling(
    app_configs: Sequence[AppConfig] | None = None, **options: Any
) -> list[CheckMessage]:
    """Check that each model states its handling, with a known policy that something executes."""
    errors: list[CheckMessage] = []
    for model in apps.get_models():
        # Not Django's own tables, nor those of the job queue: they have no Handling.
        if model.__module__.startswith("bluelamp."):
            errors += check_model(model)
    return errors


def check_model(model: type[models.Model]) -> list[CheckMessage]:
    """Return what is wrong with one model's handling."""
    handling = getattr(model, "handling", None)
    if not isinstance(handling, Handling):
        return [Error("The model does not state its handling.", obj=model, id="kernel.E001")]
    policy = POLICIES.get(handling.retention)
    if policy is None:
        text = f"There is no retention policy {handling.retention!r}."
        return [Error(text, hint="Add it to kernel/retention.py.", obj=model, id="kernel.E002")]
    errors: list[CheckMessage] = []
    if handling.counted_from and not _is_date_field(model, handling.counted_from):
        text = f"{handling.counted_from!r} is not a date or time field to count from."
        errors.append(Error(text, obj=model, id="kernel.E003"))
    if handling.ends_at and not _is_date_field(model, handling.ends_at):
        text = f"{handling.ends_at!r} is not a date or time field to end at."
        errors.append(Error(text, obj=model, id="kernel.E003"))
    if policy.executed_by and policy.executed_by not in app.tasks:
        text = f"There is no job {policy.executed_by!r}, which should delete the rows."
        errors.append(Error(text, obj=model, id="kernel.E004"))
    if policy.action == "delete" and not policy.executed_by and not handling.counted_from:
        text = f"Nothing deletes these rows, although the policy is {handling.retention!r}."
        errors.append(Error(text, hint="Set counted_from.", obj=model, id="kernel.E005"))
    return errors


def _is_date_field(model: type[models.Model], name: str) -> bool:
    try:
        return isinstance(model._meta.get_field(name), models.DateField)
    except FieldDoesNotExist:
        return False
