"""What a domain offers to others either is on the record, or discloses nothing about anybody."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.architecture.test_lookup_results import LOOKUPS

# Public code lists, postcodes and streets.
NOBODYS_DATA = "bluelamp.records.reference.lookups."
COPIES = "copies a row that was read on record"
# Each with the reason why it needs no act. The list may only shrink.
NOT_AUDITED = {
    "bluelamp.casework.casefiles.lookups.get_case_file_link": "the URN of a case file, if any",
    "bluelamp.casework.casefiles.lookups.get_case_file_status": "how far a build is",
    "bluelamp.casework.crimes.lookups.own_crimes_edition": "whether a list changed, as a hash",
    "bluelamp.casework.crimes.lookups.own_numbers_edition": "whether a list changed, as a hash",
    "bluelamp.casework.encounters.lookups.returned_records_edition": "whether a list changed",
    "bluelamp.records.people.lookups.names_stamp": "whether names changed, as counts and a time",
    "bluelamp.casework.crimes.lookups.account_for_numbers": "counts of numbers",
    "bluelamp.casework.victims.lookups.own_due_edition": "whether a list changed",
    "bluelamp.foundation.notifications.lookups.count_sent": "a count of messages",
    "bluelamp.casework.investigations.lookups.own_actions_edition": "whether a list changed",
    "bluelamp.casework.investigations.lookups.next_reference_in_case": "the next free reference",
    "bluelamp.casework.investigations.lookups.to_charge_detail": COPIES,
    "bluelamp.casework.investigations.lookups.to_exhibit_detail": COPIES,
    "bluelamp.casework.reports.lookups.get_report_reference": "a reference, no more",
    "bluelamp.casework.reports.lookups.to_draft_detail": COPIES,
    "bluelamp.casework.reports.lookups.to_report_detail": COPIES,
    "bluelamp.demo.lookups.holds_demo_force": "whether the demonstration is loaded",
    "bluelamp.demo.lookups.holds_real_records": "a yes or no, before the demonstration is loaded",
    "bluelamp.foundation.accounts.lookups.count_failed_sign_ins": "a count, for the rate limit",
    "bluelamp.foundation.accounts.lookups.record_denial_and_raise": "records the denial itself",
    "bluelamp.foundation.accounts.lookups.get_active_user": "the signed-in person's own account",
    "bluelamp.foundation.accounts.lookups.get_officer": "colleagues' names and units",
    "bluelamp.foundation.accounts.lookups.is_locked_out": "a yes or no, for the rate limit",
    "bluelamp.foundation.accounts.lookups.list_officers": "colleagues' names and units",
    "bluelamp.foundation.accounts.lookups.list_officers_who_may": "colleagues' names and units",
    "bluelamp.foundation.accounts.lookups.is_still_permitted": "a yes or no, for upload tokens",
    "bluelamp.foundation.audit.lookups.act_done_condition": "a condition for another query",
    "bluelamp.foundation.audit.lookups.count_acts": "a count, for rate limits",
    "bluelamp.foundation.forms.lookups.are_built_in_sets_loaded": "a yes or no, at start",
    "bluelamp.foundation.forms.lookups.built_in_question_set": "questions, no answers",
    "bluelamp.foundation.forms.lookups.current_question_set": "questions, no answers",
    "bluelamp.foundation.forms.lookups.find_row_in_force": "a version of questions, no answers",
    "bluelamp.foundation.forms.lookups.forget_versions": "returns nothing",
    "bluelamp.foundation.forms.lookups.get_question_set": "questions, no answers",
    "bluelamp.foundation.forms.lookups.to_draft_detail": COPIES,
    "bluelamp.foundation.payments.lookups.get_fees": "what things cost",
    "bluelamp.foundation.payments.lookups.line_amounts": COPIES,
    "bluelamp.foundation.payments.lookups.to_payment_detail": COPIES,
    "bluelamp.foundation.payments.lookups.to_refund_detail": COPIES,
    "bluelamp.services.requests.lookups.get_service": "what people can ask for",
    "bluelamp.services.requests.lookups.get_service_offer": "what people can ask for",
    "bluelamp.services.requests.lookups.list_service_offers": "what people can ask for",
    "bluelamp.services.requests.lookups.list_services": "what people can ask for",
    "bluelamp.records.people.lookups.person_version": "a hash of a row that was read on record",
    "bluelamp.records.people.lookups.to_location_detail": COPIES,
    "bluelamp.records.people.lookups.to_person_detail": COPIES,
}


def is_on_record(function: Callable[..., Any]) -> bool:
    """Say whether a function is a lookup or command, or refuses to run outside of one."""
    return hasattr(function, "act") or getattr(function, "is_read_within_act", False)


def test_it_works() -> None:
    lookups = {name for name, function in LOOKUPS.items() if hasattr(function, "act")}
    within = {name for name, function in LOOKUPS.items() if is_on_record(function)} - lookups
    assert "bluelamp.casework.crimes.lookups.get_crime" in lookups
    assert "bluelamp.records.people.lookups.list_linked_people" in within


@pytest.mark.parametrize(
    "name",
    sorted(
        name for name in LOOKUPS if not name.startswith(NOBODYS_DATA) and name not in NOT_AUDITED
    ),
)
def test_a_lookup_is_on_record(name: str) -> None:
    assert is_on_record(LOOKUPS[name]), f"{name} is neither @lookup nor @read_within_act"


@pytest.mark.parametrize("name", sorted(NOT_AUDITED))
def test_the_exceptions_are_still_needed(name: str) -> None:
    assert name in LOOKUPS, f"{name} is gone: take it off the list"
    assert not is_on_record(LOOKUPS[name]), f"{name} is on record: take it off the list"
