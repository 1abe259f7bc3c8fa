"""`bluelamp account import|token`: joiners, movers and leavers from a file, and SCIM's tokens."""

import argparse
import csv
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bluelamp.cli.account_rows import COLUMNS, AccountRow, WrongFile, read_rows
from bluelamp.cli.errors import CannotStart
from bluelamp.foundation.kernel.terminal.command_line import Progress

if TYPE_CHECKING:
    from bluelamp.foundation.accounts.directory import DirectoryUserDetail
    from bluelamp.foundation.kernel.actor import Actor

# More leavers than this part of all accounts are more likely half a file than a real day.
_MAX_LEAVERS_PART = 0.1
_ALWAYS_ALLOWED_LEAVERS = 5


def add_verbs(verbs: Any) -> None:
    """Add `import` and `token` to the verbs of `bluelamp account`."""
    importing = verbs.add_parser(
        "import",
        help="open and change accounts as a CSV file says",
        description="The first line names the columns: " + ", ".join(COLUMNS) + ".",
    )
    importing.add_argument("file", metavar="FILE", type=Path)
    importing.add_argument(
        "--leavers", action="store_true", help="shut out everybody whom an earlier file had"
    )
    importing.add_argument("--many", action="store_true", help="allow many leavers at once")
    importing.add_argument("--dry-run", action="store_true", help="say what would be done")
    importing.set_defaults(act=_import_accounts, user_name="")

    token = verbs.add_parser("token", help="print a new token for a client of /scim/v2/")
    token.add_argument("client", metavar="CLIENT", help="which client has it: entra")
    token.add_argument("--revoke", action="store_true", help="make its token useless instead")
    token.set_defaults(act=_set_token, user_name="")


def _set_token(options: argparse.Namespace, actor: "Actor", at: datetime) -> None:
    from bluelamp.foundation.accounts.commands import (
        create_directory_token,
        revoke_directory_token,
    )
    from bluelamp.foundation.kernel.errors import NotFound, Refused

    if options.revoke:
        try:
            revoke_directory_token(actor=actor, at=at, name=options.client)
        except NotFound:
            raise Refused(f"{options.client} has no token") from None
        print(f"Revoked the token of {options.client}.")
        return
    token = create_directory_token(actor=actor, at=at, name=options.client)
    # Only its hash is stored.
    print(f"Give {options.client} this token. It is shown once, and works for a year:")
    print(token)


def _import_accounts(options: argparse.Namespace, actor: "Actor", at: datetime) -> None:
    from django.db import transaction

    from bluelamp.foundation.accounts.directory import directory_actor, list_directory_accounts

    try:
        rows = read_rows(options.file)
    except WrongFile as fault:
        raise CannotStart(str(fault)) from None
    directory = directory_actor(force=actor.force, client=f"file, {actor.name}")
    with transaction.atomic():
        accounts = {
            account.username: account for account in list_directory_accounts(actor=directory, at=at)
        }
        leavers = _find_leavers(rows, accounts) if options.leavers else []
        # A file that was cut short must not shut out half a force.
        if len(leavers) > _max_leavers(accounts) and not options.many:
            raise CannotStart(
                f"The file would shut out {len(leavers)} of {len(accounts)} people: check that it"
                " is whole, and add --many if it is right. Nothing was changed."
            )
        counts, refused = _save_rows(rows, accounts, directory, at)
        for account in leavers:
            _remove_account(account, directory, at)
        # Everything is done and then undone, so that a dry run finds what a real one would.
        transaction.set_rollback(options.dry_run)
    _print_report(options, counts + Counter({"shut out": len(leavers)}), refused)


def _find_leavers(
    rows: list[AccountRow], accounts: "dict[str, DirectoryUserDetail]"
) -> "list[DirectoryUserDetail]":
    present = {row.username for row in rows}
    return [
        account
        for account in accounts.values()
        if account.is_managed and account.is_active and account.username not in present
    ]


def _max_leavers(accounts: "dict[str, DirectoryUserDetail]") -> int:
    return max(_ALWAYS_ALLOWED_LEAVERS, int(len(accounts) * _MAX_LEAVERS_PART))


def _save_rows(
    rows: list[AccountRow],
    accounts: "dict[str, DirectoryUserDetail]",
    actor: "Actor",
    at: datetime,
) -> tuple[Counter[str], list[tuple[AccountRow, str]]]:
    """Open or change an account for each row.

    Returns:
        How many rows were what, and each row that was refused with the reason.
    """
    from django.db import transaction

    from bluelamp.foundation.kernel.errors import Conflict, Refused

    counts: Counter[str] = Counter()
    refused = []
    with Progress("importing accounts", total=len(rows)) as progress:
        for row in rows:
            try:
                # a refused row must not take those before it with it
                with transaction.atomic():
                    counts[_save_row(row, accounts.get(row.username), actor, at)] += 1
            except (Refused, Conflict, ValueError) as refusal:
                refused.append((row, str(refusal)))
            progress.step()
    return counts, refused


def _save_row(
    row: AccountRow, account: "DirectoryUserDetail | None", actor: "Actor", at: datetime
) -> str:
    from bluelamp.foundation.accounts.commands import (
        add_directory_account,
        update_directory_account,
    )

    entry = row.to_entry(external_id=account.external_id if account else "")
    if account is None:
        add_directory_account(actor=actor, at=at, entry=entry)
        return "opened"
    if account.is_managed and row.is_same_as(account):
        return "unchanged"
    update_directory_account(actor=actor, at=at, user_id=account.id, entry=entry)
    return "changed"


def _remove_account(account: "DirectoryUserDetail", actor: "Actor", at: datetime) -> None:
    from bluelamp.foundation.accounts.commands import remove_directory_account

    remove_directory_account(actor=actor, at=at, user_id=account.id)


def _print_report(
    options: argparse.Namespace, counts: Counter[str], refused: list[tuple[AccountRow, str]]
) -> None:
    done = ", ".join(
        f"{counts[name]} {name}" for name in ("opened", "changed", "unchanged", "shut out")
    )
    prefix = "Nothing was changed. It would be: " if options.dry_run else ""
    print(f"{prefix}{done}, {len(refused)} refused")
    if refused:
        # Beside the file, to be corrected and imported again.
        path = options.file.with_suffix(".refused.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["line", "username", "reason"])
            writer.writerows([row.line, row.username, reason] for row, reason in refused)
        print(f"The reasons are in {path}")
