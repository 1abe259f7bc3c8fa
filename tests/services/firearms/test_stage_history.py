"""The history of an application says who moved it on, in words that an officer knows."""

import pytest

from bluelamp.services.firearms.commands.actors import progress_actor
from bluelamp.services.firearms.commands.stages import write_stage_entry
from tests.acts import within_command
from tests.services.firearms.licensing import AT, get, receive

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    """Not the name of a part of the program; a person keeps theirs."""
    application = get(receive())
    actor = progress_actor("01")
    with within_command(actor):
        write_stage_entry(application, actor=actor, at=AT)
    names = set(application.stages.values_list("by_name", flat=True))
    assert names == {"Ike Daniels P3307", "Bluelamp, automatically"}
