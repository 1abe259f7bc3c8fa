"""Medical reports that came with an application are seen only by those who may read them."""

from dataclasses import replace

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.evidence.commands import receive_item
from bluelamp.records.evidence.lookups import get_item, list_items
from bluelamp.services.firearms.lookups.files import application_subject
from tests.cast import browser, signed_in
from tests.services.firearms.licensing import AT, get, receive

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    """The crime desk sees evidence and no medical report, by its id or in a list of ids."""
    report = receive_item(
        actor=public_actor(),
        at=AT,
        subject=application_subject(get(receive()).id),
        filename="from-my-doctor.pdf",
        source=b"%PDF-1.7\n",
    )
    reader = replace(signed_in(cast.IKE), permissions={"evidence.view", "firearms.read_medical"})
    assert get_item(actor=reader, at=AT, item_id=report.id).filename == "from-my-doctor.pdf"
    desk = signed_in(cast.JOY)
    with pytest.raises(NotFound):
        get_item(actor=desk, at=AT, item_id=report.id)
    assert list_items(actor=desk, at=AT, item_ids=[report.id]) == []
    assert browser(cast.JOY).get(f"/desk/evidence/{report.id}/").status_code == 404
