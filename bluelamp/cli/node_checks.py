"""What a node proves before it serves: its keys, its evidence store and the database's schema."""

import os
from pathlib import Path
from typing import get_args

from django.conf import settings
from django.core.checks import CheckMessage, Tags
from django.core.checks.registry import registry

from bluelamp.cli.errors import CannotStart
from bluelamp.cli.schema_checks import check_schema_is_complete
from bluelamp.foundation.kernel.merkle_log import log
from bluelamp.foundation.kernel.transient import is_full, require_free_space
from bluelamp.records.evidence.store import current_store

# A hash that no file has.
_NO_SUCH_BLOB = "0" * 64


def check_node() -> None:
    """Check that this node can do its work.

    Raises:
        CannotStart: It cannot; the message says what is wrong and what to do.
    """
    check_schema_is_complete()
    if errors := [error for error in run_start_checks() if error.is_serious()]:
        raise CannotStart(f"{errors[0].obj}: {errors[0].msg}")
    _check_keys()
    _check_store()


def run_start_checks() -> list[CheckMessage]:
    """Run Django's system checks, save those of the addresses, and return what they found.

    Those import what few servers need, for a second and a half at each start. Addresses are the
    same on every node, so a test runs them.
    """
    return [
        message
        for check in registry.get_checks()
        if Tags.urls not in check.tags
        for message in check(app_configs=None, databases=None)
    ]


def _check_keys() -> None:
    """Check that the signing keys can be read, or made, and are those that signed the logs."""
    folder = settings.BLUELAMP_VAR / "keys"
    for name in get_args(log.LogName):
        try:
            is_accepted = log.is_key_accepted(log=name)
        except (OSError, ValueError) as fault:
            raise CannotStart(f"The signing keys in {folder} cannot be used: {fault}") from fault
        if not is_accepted:
            raise CannotStart(
                f"The {name} log was not signed with the keys in {folder}. Copy the folder `keys`"
                " from the node that was set up first. If its keys are lost, run"
                " `bluelamp audit restored`."
            )


def _check_store() -> None:
    """Check that the evidence store answers, and that arriving bytes can be written and fit."""
    try:
        store = current_store()
        store.exists(_NO_SUCH_BLOB)
        _check_writable(store.incoming_folder)
        require_free_space(store.incoming_folder)
    except Exception as fault:  # boto3 raises many kinds
        if is_full(fault):
            raise CannotStart("The disk of the evidence store is almost full.") from fault
        raise CannotStart(f"The evidence store cannot be used: {fault}") from fault


def _check_writable(folder: Path) -> None:
    probe = folder / f".probe-{os.getpid()}"
    try:
        probe.write_bytes(b"probe")
    finally:
        probe.unlink(missing_ok=True)
