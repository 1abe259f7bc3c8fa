"""What must exist before the first page: tables, roles, reference data, static files, the demo
force.

Safe to repeat: each step does only what is missing.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command

from bluelamp.cli.mode import check_database_mode
from bluelamp.cli.schema_checks import check_schema_is_not_newer
from bluelamp.demo.lookups import holds_demo_force
from bluelamp.foundation.accounts.commands import (
    are_default_roles_current,
    create_default_roles,
    create_organisation,
)
from bluelamp.foundation.accounts.commands.reencrypting import reencrypt_totp_secrets
from bluelamp.foundation.accounts.models import Organisation
from bluelamp.foundation.forms.commands import sync_built_in_sets
from bluelamp.foundation.forms.lookups import are_built_in_sets_loaded
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.database.locks import database_lock
from bluelamp.foundation.kernel.database.roles import connect_as_owner, grant_privileges
from bluelamp.foundation.payments.commands import are_fees_loaded, load_fees
from bluelamp.records.reference.commands import load_reference
from bluelamp.records.reference.lookups import get_force, is_loaded


def set_up(*, on_step: Callable[[str], None]) -> None:
    """Bring the database and this node to where they can serve.

    Args:
        on_step: Called with a line before each long step.

    Raises:
        CannotStart: Another version of Bluelamp has prepared the database, or it is of the other
            mode.
    """

    def on_wait() -> None:
        on_step("waiting for another node to prepare the database")

    # two nodes that start at once would otherwise run the same migrations
    with database_lock("migrate", on_wait=on_wait):
        with connect_as_owner():
            check_schema_is_not_newer()
            check_database_mode()
            on_step("preparing the tables")
            call_command("migrate", verbosity=0)
            grant_privileges(role=str(settings.DATABASES["default"]["USER"]))
        _load_first_data(on_step)
    # each node has its own copy of the static files
    call_command("collectstatic", verbosity=0, interactive=False)


def _load_first_data(on_step: Callable[[str], None]) -> None:
    """Load what a new database lacks: roles, reference data, organisations and the demo force."""
    installer = Actor.system(
        "installer",
        force=settings.BLUELAMP_FORCE,
        permissions={
            "account.manage",
            "demo.load",
            "fees.edit",
            "firearms.authority",
            "reference.edit",
        },
    )
    if not are_default_roles_current():
        create_default_roles(actor=installer, at=now())
    if not is_loaded():
        on_step("loading offence codes, postcodes and other reference data")
        load_reference(actor=installer, at=now())
    if not are_built_in_sets_loaded():
        sync_built_in_sets(actor=installer, at=now(), may_replace=settings.BLUELAMP_DEMO)
    if not are_fees_loaded():
        load_fees(actor=installer, at=now())
    if not Organisation.objects.exists():
        _create_organisations(installer)
    # The old key is about to go: what is encrypted with it is encrypted again with the new one.
    if settings.SECRET_KEY_FALLBACKS:
        reencrypt_totp_secrets(actor=installer, at=now())
    if settings.BLUELAMP_DEMO:
        from bluelamp.demo.commands import load_demo

        if not holds_demo_force():
            on_step("loading the demonstration force (invented people and crimes)")
            load_demo(actor=installer, at=now(), say=on_step)


def _create_organisations(installer: Actor) -> None:
    """Create this instance's own force and the Crown Prosecution Service."""
    own_force = get_force(installer.force)
    create_organisation(
        actor=installer,
        at=now(),
        code=f"police-{installer.force}",
        name=own_force.name if own_force else f"Police force {installer.force}",
        kind=Organisation.Kind.POLICE,
        force=installer.force,
    )
    create_organisation(
        actor=installer,
        at=now(),
        code="cps",
        name="Crown Prosecution Service",
        kind=Organisation.Kind.PROSECUTOR,
    )
