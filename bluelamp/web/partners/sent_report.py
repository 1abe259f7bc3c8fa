"""A report as another program sent it, in our JSON or in that of Single Online Home."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from pydantic import TypeAdapter, ValidationError

from bluelamp.casework.reports.commands import UploadedPart
from bluelamp.casework.reports.rules import (
    ReportAnswers,
    from_values,
    question_set_for_programs,
    read_soh,
    soh_path,
)
from bluelamp.foundation.forms.rules import QuestionSet, check_values
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.web.api import Moment
from bluelamp.web.problems import ApiError

MAX_REPORT_BYTES = 256 * 1024  # of the report itself, without its files
SOH_TYPE = "application/vnd.soh+json"
# The same submission gets the same id each time that it is sent.
_SOH_IDS = UUID("5d0b9a0e-6f0c-5c53-9a53-5d6a3c1f1a10")
_MOMENT = TypeAdapter(Moment)


@dataclass(frozen=True, kw_only=True, slots=True)
class SentReport:
    """A report that was sent. `path_of` returns where an answer stands in what was sent."""

    id: UUID
    answers: ReportAnswers
    path_of: Callable[[str], str]
    files: Sequence[UploadedPart] = ()
    device_at: datetime | None = None


def parse_soh(question_set: QuestionSet, content: memoryview) -> SentReport:
    """Return the report of a document of Single Online Home.

    Raises:
        ApiError: It is too large, or no such document.
        Refused: It says what no question asks, or an answer is to be put right.
    """
    document = _load_object(content)
    values, problems = read_soh(question_set, document)
    checked = check_values(question_set_for_programs(question_set), values, at=now())
    for problem in checked.problems:
        path = soh_path(question_set, problem.field.partition(".")[0])
        problems.append(Problem(problem.code, path, problem.params))
    if problems:
        raise Refused(errors=problems)
    envelope = document.get("submissionDetails")
    envelope = envelope if isinstance(envelope, dict) else {}
    return SentReport(
        id=_read_id(envelope.get("submissionId")),
        answers=from_values(checked.values),
        path_of=lambda name: soh_path(question_set, name),
        device_at=_read_moment(envelope.get("submitTime")),
    )


def _load_object(content: memoryview) -> dict[str, Any]:
    if len(content) > MAX_REPORT_BYTES:
        raise ApiError(413)
    try:
        document = json.loads(bytes(content))
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise ApiError(422, errors={"": "Send one JSON object"})
    return document


def _read_id(submission_id: object) -> UUID:
    if not isinstance(submission_id, str) or not submission_id.strip():
        errors = {"submissionDetails.submissionId": "Send the id of the submission"}
        raise ApiError(422, errors=errors)
    try:
        return UUID(submission_id)
    except ValueError:
        # Always the same id for the same submission, so that a second try makes no second report.
        return uuid5(_SOH_IDS, submission_id.encode("utf-8", "replace").decode())


def _read_moment(text: object) -> datetime | None:
    if text is None:
        return None
    try:
        return _MOMENT.validate_python(text)
    except ValidationError:
        errors = {"submissionDetails.submitTime": "Send a time with its time zone"}
        raise ApiError(422, errors=errors) from None
