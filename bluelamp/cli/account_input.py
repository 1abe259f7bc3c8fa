"""What somebody typed about an account, checked: each refusal says what would be right."""

import argparse
import difflib
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bluelamp.foundation.accounts.account_rules import MAX_LENGTHS, USER_NAME

if TYPE_CHECKING:
    from bluelamp.foundation.accounts.commands import NewAccount
    from bluelamp.foundation.kernel.actor import Actor

# option -> the most characters that its column holds
_LONGEST = {**MAX_LENGTHS, "email": 254}


def check_new_account(options: argparse.Namespace, *, force: str) -> "NewAccount":
    """Return the account to open.

    Args:
        options: What the command line says.
        force: The code of this force.

    Raises:
        Refused: Something is wrong; the message is a sentence that says what would be right.
    """
    from bluelamp.foundation.accounts.commands import NewAccount
    from bluelamp.foundation.accounts.models import User
    from bluelamp.foundation.kernel.errors import Refused

    if not USER_NAME.fullmatch(options.user_name):
        raise Refused(
            "USER must be small letters, digits and . _ - @ only, and begin with a letter or digit"
        )
    for option, longest in _LONGEST.items():
        _check_text(option, getattr(options, option), longest)
    if not options.name.strip():
        raise Refused("--name is empty: enter the person's name")
    roles = check_roles(options.roles)
    organisation_force = _find_force(options.organisation, force)
    if User.objects.filter(username=options.user_name).exists():
        raise Refused(
            f"There is an account {options.user_name} already: `bluelamp account link"
            f" {options.user_name}` prints a new link for it"
        )
    return NewAccount(
        username=options.user_name,
        name=options.name.strip(),
        force=organisation_force,
        roles=roles,
        rank=options.rank,
        collar=options.collar,
        unit=options.unit,
        email=options.email,
        organisation=options.organisation,
    )


def check_roles(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of roles, each once.

    Raises:
        Refused: There is no such role. The message lists those there are.
    """
    from bluelamp.foundation.accounts.models import Role
    from bluelamp.foundation.kernel.errors import Refused

    existing = sorted(Role.objects.values_list("name", flat=True))
    for name in names:
        if name not in existing:
            raise Refused(f"There is no role {name!r}, only {', '.join(existing)}")
    return tuple(dict.fromkeys(names))


def describe_missing_account(user_name: str, *, actor: "Actor", at: datetime) -> str:
    """Return the sentence for an account that does not exist, with the nearest that do."""
    from bluelamp.foundation.accounts.lookups import list_accounts

    existing = [row.user_name for row in list_accounts(actor=actor, at=at)]
    near = difflib.get_close_matches(user_name, existing, n=3)
    if near:
        return f"There is no account {user_name!r}. Did you mean {' or '.join(near)}?"
    return f"There is no account {user_name!r}. `bluelamp account list` lists them."


def _check_text(option: str, text: str, longest: int) -> None:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from bluelamp.foundation.kernel.errors import Refused

    if len(text) > longest:
        raise Refused(f"--{option} must be {longest} characters or fewer")
    if not text.isprintable():
        raise Refused(f"--{option} must be one line of plain text")
    if option == "email" and text:
        try:
            validate_email(text)
        except ValidationError as fault:
            raise Refused("--email must be an address like jo.fox@example.police.uk") from fault


def _find_force(organisation: str, force: str) -> str:
    """Return the force code of an organisation, "" for one that is no force."""
    from bluelamp.foundation.accounts.models import Organisation
    from bluelamp.foundation.kernel.errors import Refused

    if not organisation:
        return force
    forces = dict(Organisation.objects.values_list("code", "force"))
    if organisation not in forces:
        codes = ", ".join(sorted(forces))
        raise Refused(f"There is no organisation {organisation!r}, only {codes}")
    return forces[organisation]
