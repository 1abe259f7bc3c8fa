"""Files of an application at the desk: for the licensing team, who see no evidence."""

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.evidence.commands import receive_item
from bluelamp.services.firearms.lookups.files import application_subject
from bluelamp.web.desk.firearms.urls import ReferenceConverter
from tests.cast import browser, signed_in
from tests.services.firearms.licensing import AT, get, receive

pytestmark = pytest.mark.django_db
REPORT = b"%PDF-1.7\n"


@pytest.fixture
def urls() -> tuple[str, str]:
    """The page of an application with a doctor's report, and the address of the report."""
    reference = receive()
    item = receive_item(
        actor=public_actor(),
        at=AT,
        subject=application_subject(get(reference).id),
        filename="from-my-doctor.pdf",
        source=REPORT,
    )
    page = f"/desk/firearms/applications/{ReferenceConverter().to_url(reference)}/"
    return page, f"{page}files/{item.id}/"


def test_it_works(urls: tuple[str, str]) -> None:
    page, file = urls
    ike = browser(cast.IKE)
    assert "evidence.view" not in signed_in(cast.IKE).permissions
    assert file in ike.get(page).content.decode()
    answer = ike.get(file)
    assert b"".join(answer.streaming_content) == REPORT  # type: ignore[attr-defined]
    # A hostile file runs nothing and is never taken for a page.
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("attachment")


def test_others_get_nothing(urls: tuple[str, str]) -> None:
    page, file = urls
    assert browser(cast.ADA).get(file).status_code == 403
    assert browser(cast.FEMI).get(file).status_code in {403, 404}
    ike = browser(cast.IKE)
    assert ike.get(f"{page}files/{new_id()}/").status_code == 404
    assert ike.get(f"{file}picture").status_code == 404


def test_a_file_of_another_application_is_not_opened(urls: tuple[str, str]) -> None:
    _page, file = urls
    other = ReferenceConverter().to_url(receive())
    url = f"/desk/firearms/applications/{other}/files/{file.rstrip('/').rsplit('/', 1)[1]}/"
    assert browser(cast.IKE).get(url).status_code == 404
