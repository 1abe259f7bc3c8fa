"""What must be right about a new account, whichever way it is opened at the desk. Pure."""

import re

from bluelamp.foundation.kernel.contact import check_email
from bluelamp.foundation.kernel.problems import Problem

# Small letters only, so that no two accounts differ in their capitals alone.
USER_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,59}")
# The most characters of each text. The columns hold as many, or more.
MAX_LENGTHS = {"name": 120, "rank": 40, "collar": 10, "unit": 80}


def find_account_problems(
    *, username: str, texts: dict[str, str], email: str, has_roles: bool
) -> list[Problem]:
    """Return what has to be put right before an account can be opened, in the form's order.

    Args:
        username: What the person would sign in with.
        texts: Their name, rank, collar number and unit, by the names in `MAX_LENGTHS`.
        email: Their work e-mail address, or "".
        has_roles: Whether a role was selected.

    >>> [problem.code for problem in find_account_problems(
    ...     username="Jo Fox", texts={"name": ""}, email="", has_roles=True)]
    ['accounts.name_missing', 'accounts.username_invalid']
    """
    problems: list[Problem | None] = []
    if not texts["name"]:
        problems.append(Problem("accounts.name_missing", "name"))
    problems += [_check_length(field, text) for field, text in texts.items()]
    if not username:
        problems.append(Problem("accounts.username_missing", "username"))
    elif not USER_NAME.fullmatch(username):
        problems.append(Problem("accounts.username_invalid", "username"))
    if email:
        problems.append(check_email(email))
    if not has_roles:
        problems.append(Problem("accounts.roles_missing", "roles"))
    return [problem for problem in problems if problem]


def _check_length(field: str, text: str) -> Problem | None:
    if len(text) <= MAX_LENGTHS[field]:
        return None
    return Problem(f"accounts.{field}_too_long", field, {"max_length": MAX_LENGTHS[field]})
