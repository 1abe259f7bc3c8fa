"""Opening an account."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password

from bluelamp.foundation.accounts.models import Organisation, Role, User
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused


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


@command(permission="account.manage", act="account.opened", category=Category.COLLECTION)
def open_account(*, actor: Actor, at: datetime, account: NewAccount) -> User:
    """Open an account.

    Raises:
        Refused: There is no such role or organisation, or the user name is taken.
    """
    roles = list(Role.objects.filter(name__in=account.roles))
    if len(roles) != len(set(account.roles)):
        raise Refused("accounts.role_unknown", field="roles")
    if account.organisation:
        organisation = Organisation.objects.filter(code=account.organisation).first()
    else:
        organisation = Organisation.objects.filter(
            kind=Organisation.Kind.POLICE, force=account.force
        ).first()
    if organisation is None:
        raise Refused("accounts.organisation_unknown", field="organisation")
    if User.objects.filter(username=account.username).exists():
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
