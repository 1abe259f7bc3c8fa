"""`bluelamp account open|roles|list|link|sign-out|deactivate|…` manages accounts.

Each is on the audit record, in the name of the system user who ran it. A person signs in with a
passkey, which they set up with a link that works once, for 24 hours.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bluelamp.cli import account_directory, prepare
from bluelamp.cli.account_input import (
    check_new_account,
    check_roles,
    describe_missing_account,
)
from bluelamp.cli.console import console_actor
from bluelamp.foundation.kernel.terminal.command_line import (
    WRONG_INPUT,
    Parser,
    escape_for_terminal,
)

if TYPE_CHECKING:
    from bluelamp.foundation.accounts.commands import NewEnrolmentLink
    from bluelamp.foundation.kernel.actor import Actor


def main(argv: Sequence[str]) -> int:
    """Manage accounts. Returns 2, after one sentence and with nothing changed, for wrong input."""
    options = _parser().parse_args(argv)
    prepare()
    from bluelamp.foundation.kernel.clock import now
    from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused

    actor, at = console_actor({"account.manage"}), now()
    act: Callable[[argparse.Namespace, Actor, datetime], None] = options.act
    try:
        act(options, actor, at)
    except NotFound:
        return _refuse(describe_missing_account(options.user_name, actor=actor, at=at))
    except (Refused, Conflict) as refusal:
        return _refuse(f"{refusal.message}.")
    return 0


def _parser() -> Parser:
    parser = Parser(prog="bluelamp account", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)

    opening = verbs.add_parser("open", help="open an account, and print the person's link")
    opening.add_argument("user_name", metavar="USER", help="what the person signs in as: jfox")
    opening.add_argument("--name", required=True, help='the person\'s name: "Jo Fox"')
    opening.add_argument(
        "--role", required=True, action="append", dest="roles", help="give it again for more roles"
    )
    opening.add_argument("--organisation", default="", metavar="CODE", help="default: this force")
    for name in ("rank", "collar", "unit", "email"):
        opening.add_argument(f"--{name}", default="")
    opening.set_defaults(act=_open)

    roles = verbs.add_parser("roles", help="give an account these roles, and no others")
    roles.add_argument("user_name", metavar="USER")
    roles.add_argument("roles", metavar="ROLE", nargs="+")
    roles.set_defaults(act=_set_roles)

    listing = verbs.add_parser("list", help="list the accounts, the deactivated too")
    listing.set_defaults(act=_list)
    for verb, act, line in (
        ("link", _create_link, "print a new link with which a person sets up a passkey"),
        ("sign-out", _sign_out, "end a person's sessions; they can sign in again"),
        ("deactivate", _deactivate, "shut a leaver out: their sessions end at once"),
        ("reactivate", _reactivate, "let a person back in, with the roles they had"),
    ):
        one = verbs.add_parser(verb, help=line)
        one.add_argument("user_name", metavar="USER")
        one.set_defaults(act=act)
    account_directory.add_verbs(verbs)
    return parser


def _open(options: argparse.Namespace, actor: "Actor", at: datetime) -> None:
    from django.db import transaction

    from bluelamp.foundation.accounts.commands import create_enrolment_link, open_account

    account = check_new_account(options, force=actor.force)
    # both or neither: an account without its link would look like a command that failed
    with transaction.atomic():
        open_account(actor=actor, at=at, account=account)
        link = create_enrolment_link(actor=actor, at=at, user_ref=account.username)
    _print_line(f"Opened the account {account.username} with {_count(account.roles, 'role')}.")
    _print_link(link)


def _set_roles(options: argparse.Namespace, actor: "Actor", at: datetime) -> None:
    from bluelamp.foundation.accounts.commands import set_roles

    roles = check_roles(options.roles)
    set_roles(actor=actor, at=at, user_ref=options.user_name, roles=roles)
    _print_line(f"{options.user_name} has {_count(roles, 'role')} now: {', '.join(roles)}.")


def _list(options: argparse.Namespace, actor: "Actor", at: datetime) -> None:
    from bluelamp.foundation.accounts.lookups import list_accounts

    rows = list_accounts(actor=actor, at=at)
    width = max((len(row.user_name) for row in rows), default=0)
    for row in rows:
        state = "active" if row.is_active else "deactivated"
        roles = ", ".join(row.roles) or "no role"
        _print_line(
            f"{row.user_name:{width}}  {state:11}  {row.organisation:10}  {roles}  "
            f"({row.display_name})"
        )
    _print_line(f"{len(rows)} account{'' if len(rows) == 1 else 's'}")


def _create_link(options: argparse.Namespace, actor: "Actor", at: datetime) -> None:
    from bluelamp.foundation.accounts.commands import create_enrolment_link

    _print_link(create_enrolment_link(actor=actor, at=at, user_ref=options.user_name))


def _sign_out(options: argparse.Namespace, actor: "Actor", at: datetime) -> None:
    from bluelamp.foundation.accounts.commands import end_sessions_of

    count = end_sessions_of(actor=actor, at=at, user_ref=options.user_name)
    _print_line(f"Ended {count} session{'' if count == 1 else 's'} of {options.user_name}.")


def _deactivate(options: argparse.Namespace, actor: "Actor", at: datetime) -> None:
    from bluelamp.foundation.accounts.commands import deactivate_account

    deactivate_account(actor=actor, at=at, user_ref=options.user_name)
    _print_line(f"Deactivated {options.user_name}: their sessions have ended, and no link is open.")


def _reactivate(options: argparse.Namespace, actor: "Actor", at: datetime) -> None:
    from bluelamp.foundation.accounts.commands import reactivate_account

    reactivate_account(actor=actor, at=at, user_ref=options.user_name)
    _print_line(f"Reactivated {options.user_name}: they sign in as before.")


def _print_link(link: "NewEnrolmentLink") -> None:
    """Print a link, alone on the last line."""
    from bluelamp.foundation.kernel.clock import LONDON
    from bluelamp.foundation.kernel.origins import staff_origin

    expires = f"{link.expires_at.astimezone(LONDON):%A %-d %B at %-H:%M}"
    _print_line(f"Give {link.user_name} this link. It sets up a passkey, once, until {expires}:")
    # passkeys belong to a name, never to an address like 127.0.0.1
    origin = staff_origin().replace("//127.0.0.1", "//localhost")
    _print_line(f"{origin}/sign-in/enrol/{link.token}/")


def _count(names: Sequence[str], noun: str) -> str:
    return f"{len(names)} {noun}{'' if len(names) == 1 else 's'}"


def _print_line(line: str) -> None:
    print(escape_for_terminal(line))


def _refuse(sentence: str) -> int:
    print(escape_for_terminal(sentence), file=sys.stderr)
    return WRONG_INPUT
