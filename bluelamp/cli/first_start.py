"""What must be there before the first page: tables, roles, reference data, static files, the demo
force.

Safe to repeat: each step looks first and does what is missing.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command

from bluelamp.foundation.accounts.commands import set_up_roles
from bluelamp.foundation.accounts.models import Role
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.reference.commands import load_reference
from bluelamp.records.reference.queries import is_loaded


def set_up(*, say: Callable[[str], None]) -> None:
    """Bring this instance to where it can serve. `say` hears a line for each long step."""
    installer = Actor.system(
        "installer",
        force=settings.BLUELAMP_FORCE,
        permissions={"account.manage", "reference.edit", "demo.load"},
    )
    say("preparing the tables")
    call_command("migrate", verbosity=0)
    if not Role.objects.exists():
        set_up_roles(actor=installer, at=now())
    if not is_loaded():
        say("loading offence codes, postcodes and other reference data")
        load_reference(actor=installer, at=now())
    call_command("collectstatic", verbosity=0, interactive=False)
    if settings.BLUELAMP_DEMO:
        from bluelamp.demo.load import is_loaded as demo_is_loaded
        from bluelamp.demo.load import load_demo

        if not demo_is_loaded():
            say("loading the demonstration force (invented people and crimes)")
            load_demo(actor=installer, at=now(), say=say)
