"""What whoever manages accounts looks up: the force's accounts, one of them, and the roles."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from bluelamp.foundation.accounts.account_policy import account_policy
from bluelamp.foundation.accounts.account_rows import AccountRow, to_account_row
from bluelamp.foundation.accounts.account_sessions import list_account_sessions
from bluelamp.foundation.accounts.device_lookups import DeviceDetail, to_device_detail
from bluelamp.foundation.accounts.device_models import Device
from bluelamp.foundation.accounts.models import DirectoryAccount, EnrolmentLink, Role
from bluelamp.foundation.accounts.sign_in_methods import SignInMethods, get_sign_in_methods
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.list_page import ListPage, choose_page
from bluelamp.foundation.kernel.text import clean_query, is_searchable

ACCOUNTS_ON_A_PAGE = 25


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleRow:
    """A role that an account can have: its title, who may hold it, and what it is for."""

    name: str
    title: str
    held_by: str
    purpose: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountPage(ListPage):
    """A page of the force's accounts, and how many match."""

    rows: tuple[AccountRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountDetail:
    """An account with what its holder can sign in with, and where they are signed in.

    Attributes:
        account: The account as in the list.
        link_expires_at: Until when their link to set up a passkey is open, or None.
        is_in_directory: Whether the force's directory changes the account too.
        sessions: How many browsers they are signed in on.
        last_seen_at: When they last did something on one of these, or None.
        devices: Their devices with the officer app, those in use first.
    """

    account: AccountRow
    name: str
    rank: str
    collar: str
    unit: str
    deactivated_at: datetime | None
    methods: SignInMethods
    link_expires_at: datetime | None
    is_in_directory: bool
    sessions: int
    last_seen_at: datetime | None
    devices: tuple[DeviceDetail, ...]


@lookup(permission="account.manage", act="account.listed")
def search_accounts(
    *, actor: Actor, at: datetime, q: str = "", state: str = "", page: int = 1
) -> AccountPage:
    """Return the accounts that the actor may manage and that match, by user name.

    Args:
        actor: Who looks.
        at: The time.
        q: Words of the person's name, user name, collar number or unit.
        state: `active` or `deactivated`; "" for both.
        page: The page, from 1.
    """
    q = clean_query(q)
    users = account_policy.queryset(actor).filter(_matches(q))
    if state:
        users = users.filter(is_active=state == "active")
    total = users.count()
    page, pages = choose_page(page, total=total, size=ACCOUNTS_ON_A_PAGE)
    start = (page - 1) * ACCOUNTS_ON_A_PAGE
    ordered = users.select_related("organisation").prefetch_related("roles").order_by("username")
    record_act(None, ref=q, detail={"accounts": total})
    return AccountPage(
        rows=tuple(to_account_row(user) for user in ordered[start : start + ACCOUNTS_ON_A_PAGE]),
        total=total,
        page=page,
        pages=pages,
    )


@lookup(permission="account.manage", act="account.viewed")
def get_account(*, actor: Actor, at: datetime, user_id: UUID) -> AccountDetail:
    """Return one account. Raises NotFound where the actor may not manage it."""
    user = account_policy.get(actor, id=user_id)
    record_act(user, ref=user.username)
    link = EnrolmentLink.objects.filter(
        user=user, used_at=None, withdrawn_at=None, expires_at__gt=at
    ).first()
    sessions = list_account_sessions(user, at=at)
    devices = Device.objects.filter(officer=user).select_related("officer").order_by("name", "id")
    return AccountDetail(
        account=to_account_row(user),
        name=user.name,
        rank=user.rank,
        collar=user.collar,
        unit=user.unit,
        deactivated_at=None if user.is_active else user.deactivated_at,
        methods=get_sign_in_methods(user),
        link_expires_at=link.expires_at if link else None,
        is_in_directory=DirectoryAccount.objects.filter(user=user, removed_at=None).exists(),
        sessions=len(sessions),
        last_seen_at=sessions[0].last_seen_at if sessions else None,
        # sorted() is stable: in each half they stay in the order of their names.
        devices=tuple(
            sorted(map(to_device_detail, devices), key=lambda row: row.blocked_at is not None)
        ),
    )


def list_roles() -> tuple[RoleRow, ...]:
    """Return every role there is, by title. It is nobody's personal data."""
    return tuple(
        RoleRow(name=role.name, title=role.title, held_by=role.held_by, purpose=role.purpose)
        for role in Role.objects.order_by("title")
    )


def _matches(q: str) -> Q:
    """Return the condition for accounts that have each word of a search."""
    if q and not is_searchable(q):
        # "%" alone must find nothing and not everybody.
        return Q(pk__in=())
    condition = Q()
    for word in q.split():
        condition &= (
            Q(name__icontains=word)
            | Q(username__icontains=word)
            | Q(collar__icontains=word)
            | Q(unit__icontains=word)
        )
    return condition
