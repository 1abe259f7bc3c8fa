"""The officers of a case file."""

from __future__ import annotations

from uuid import UUID

from bluelamp.casework.casefiles.case_data import Officer
from bluelamp.casework.casefiles.models import CaseFile
from bluelamp.foundation.accounts.lookups import get_active_user


def get_officer_in_case_id(case_file: CaseFile) -> UUID | None:
    """Return the first officer in the case among the crimes, else who requested the file."""
    allocated = case_file.crimes.filter(crime__officer_in_case_id__isnull=False)
    officer_ids = allocated.order_by("position").values_list("crime__officer_in_case_id", flat=True)
    return officer_ids.first() or case_file.created_by_id


def to_officer(user_id: UUID | None, display_name: str, *, location_code: str = "") -> Officer:
    """Return an officer by account.

    Args:
        user_id: The account, if there is one.
        display_name: The name on the record, for an account that is gone.
        location_code: The code that the courts use for the unit.
    """
    user = get_active_user(user_id=user_id) if user_id else None
    if user is None:
        return Officer(name=display_name, location_code=location_code)
    return Officer(
        name=user.name,
        rank=user.rank,
        collar=user.collar,
        location_code=location_code,
        email=user.email,
    )
