"""Opening an account."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from bluelamp.foundation.accounts.account_rules import find_account_problems
from bluelamp.foundation.accounts.commands.lifecycle import (
    NewEnrolmentLink,
    create_enrolment_link,
    find_roles,
)
from bluelamp.foundation.accounts.models import Organisation, User
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor, OrganisationKind
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.text import reject_unstorable


@dataclass(frozen=True, kw_only=True, slots=True)
class NewAccount:
    """What an account is opened with.

    Attributes:
        username: What the person signs in with.
        name: Their name.
        force: The PNC code of their force; "" for somebody of no force.
        roles: The names of their roles.
        password: Without one, nobody can sign in with a password.
        organisation: The code of their organisation; "" for the police force `force`.
    """

    username: str
    name: str
    force: str
    roles: tuple[str, ...]
    password: str = ""
    rank: str = ""
    collar: str = ""
    unit: str = ""
    email: str = ""
    organisation: str = ""


def open_account_with_link(
    *, actor: Actor, at: datetime, account: NewAccount
) -> tuple[User, NewEnrolmentLink]:
    """Open an account and create the link with which its holder sets up a passkey: both or neither.

    Args:
        actor: Who opens it.
        at: The time.
        account: What it is opened with, as somebody entered it.

    Raises:
        Refused: Something is missing or wrong, each with its field.
    """
    texts = {
        "name": account.name,
        "rank": account.rank,
        "collar": account.collar,
        "unit": account.unit,
    }
    reject_unstorable({**texts, "username": account.username, "email": account.email})
    problems = find_account_problems(
        username=account.username,
        texts=texts,
        email=account.email,
        has_roles=bool(account.roles),
    )
    if problems:
        raise Refused(errors=problems)
    # An account without its link would look like a page that failed.
    with transaction.atomic():
        user = open_account(actor=actor, at=at, account=account)
        return user, create_enrolment_link(actor=actor, at=at, user_ref=user.username)


@command(permission="account.manage", act="account.opened", category=Category.COLLECTION)
def open_account(*, actor: Actor, at: datetime, account: NewAccount) -> User:
    """Open an account.

    Raises:
        Refused: There is no such role or organisation, or the user name is taken.
    """
    roles = find_roles(account.roles)
    if account.organisation:
        organisation = Organisation.objects.filter(code=account.organisation).first()
    else:
        organisation = Organisation.objects.filter(
            kind=Organisation.Kind.POLICE, force=account.force
        ).first()
    # A person opens accounts of their own force; only the system also those of other bodies.
    is_foreign = organisation is not None and organisation.force != actor.force
    if is_foreign and not actor.is_from(OrganisationKind.SYSTEM):
        organisation = None
    if organisation is None:
        raise Refused("accounts.organisation_unknown", field="organisation")
    # "Ada" beside "ada" would be taken for the same person by everybody else.
    if User.objects.filter(username__iexact=account.username).exists():
        raise Refused("accounts.username_taken", field="username")
    user = User(
        username=account.username,
        name=account.name,
        organisation=organisation,
        force=account.force,
        rank=account.rank,
        collar=account.collar,
        unit=account.unit,
        email=account.email,
        # None makes a password that nothing matches: most people have a passkey and no password.
        password=make_password(account.password or None),
    )
    user.save()
    user.roles.set(roles)
    record_act(user, ref=account.username, detail={"roles": sorted(account.roles)})
    return user
