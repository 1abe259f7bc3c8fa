"""What people type is in no line of the log, and in no detail of the audit record."""

import logging
import re
from collections.abc import Callable, Iterator
from io import StringIO
from itertools import count
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.forms.commands import save_form_draft, sync_built_in_sets
from bluelamp.foundation.forms.lookups import built_in_question_set
from bluelamp.foundation.forms.rules import write_answers
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.terminal.logging import RedactQueryStrings
from bluelamp.foundation.notifications import code_rows
from bluelamp.services.firearms.commands.sessions import send_code_job
from bluelamp.services.firearms.models import Application
from bluelamp.services.requests.models import InformationRequest
from bluelamp.web.public.firearms import cookies
from tests.cast import INSTALLER, START, browser
from tests.confirmed_addresses import confirm_everybody
from tests.foundation.payments.paying import confirm_fee
from tests.services.firearms.applications import complete_application
from tests.services.firearms.test_submit_application import PUBLIC
from tests.services.requests.making import COLLISION, SUBJECT_ACCESS
from tests.web.public.test_requests import fill_in

pytestmark = pytest.mark.django_db
# Of what is typed below: people, where they live and can be reached, health, secrets.
TYPED = re.compile(
    r"grace|okafor|holloway|choumert|example\.(org|com)|07700|AB12 ?CDE|depress|1980-0|adeyemi"
    r"|s3cret-code|of-this-test",
    re.IGNORECASE,
)
WRONG_SECRET = "Of-this-test-99-and-of-nothing-that-there-is"


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """Everything that the program logs, as it is written in production, from DEBUG on."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    formatters: Any = configured.LOGGING["formatters"]
    handler.setFormatter(RedactQueryStrings(formatters["line"]["format"]))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    # What the libraries say at DEBUG is not logged in production.
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture(autouse=True)
def sets(reference: None, monkeypatch: pytest.MonkeyPatch) -> None:
    sync_built_in_sets(actor=INSTALLER, at=START)
    monkeypatch.setattr(code_rows, "make_digits", lambda: "012345")
    numbers = count(10)
    monkeypatch.setattr(
        "secrets.token_urlsafe", lambda _size: f"Of-this-test-{next(numbers)}-{'x' * 27}"
    )


def list_leaks(lines: StringIO) -> list[str]:
    """Return each line of the log and each audit entry that holds what was typed."""
    leaks = [line for line in lines.getvalue().splitlines() if TYPED.search(line)]
    # Staff and parts of the program have names of their own, which are in the record.
    entries = AuditEntry.objects.values_list("act", "ref", "detail")
    return leaks + [
        f"{act} {ref} {detail}" for act, ref, detail in entries if TYPED.search(f"{ref} {detail}")
    ]


def test_it_works(client: Client, lines: StringIO, run_jobs: Callable[[], int]) -> None:
    """Firearms: begin, answer, a medical report with a telling name, send, code, check."""
    client.post("/firearms/apply/", {"kind": "grant", "email": "grace@example.org"})
    cookie = cookies.get_draft(client.get("/firearms/form/").wsgi_request)
    assert cookie is not None
    url = "/firearms/form/pages/photo/"
    save_form_draft(
        actor=PUBLIC,
        at=now(),
        draft_id=cookie.draft_id,
        secret=cookie.secret,
        texts=write_answers(built_in_question_set("form-201"), complete_application()),
    )
    asked = re.findall(r'name="asked" value="([^"]*)"', client.get(url).content.decode())[0]
    file = SimpleUploadedFile("Grace Okafor depression.jpg", b"\xff\xd8\xff", "image/jpeg")
    client.post(url, {"asked": asked, "photo": file})
    assert client.post("/firearms/form/check/")["location"] == "/firearms/done/"
    number = Application.objects.get().reference
    run_jobs()
    other = Client()
    confirm_everybody()
    other.post("/firearms/my/", {"reference": number})
    send_code_job(reference=number, force="01")
    other.post("/firearms/my/code/", {"code": "s3cret-code 999999"})
    other.post("/firearms/my/code/", {"code": "012345"})
    assert other.get("/firearms/my/application/").status_code == 200
    other.get(f"/firearms/referee/{WRONG_SECRET}/")
    browser(cast.IKE).get(f"/desk/firearms/applications/{number.replace('/', '-')}/")
    run_jobs()
    assert list_leaks(lines) == []


def test_requests_and_payments(
    client: Client, lines: StringIO, run_jobs: Callable[[], int]
) -> None:
    fill_in(client, "subject-access", SUBJECT_ACCESS)
    number = InformationRequest.objects.get().reference
    dev = browser(cast.DEV)
    desk = f"/desk/requests/{number}/"
    dev.get(desk)
    dev.post(f"{desk}take-on")
    file = SimpleUploadedFile("Grace Holloway.pdf", b"%PDF-1.7\n", "application/pdf")
    dev.post(f"{desk}file", {"file": file, "redaction": "Names of Adeyemi and others"})
    dev.post(f"{desk}send")
    client.post(f"/requests/download/{WRONG_SECRET}/")
    confirm_fee("COLLISION_REPORT", 17330, vat_percent=20)
    url = fill_in(Client(), "collision-report", COLLISION)
    assert client.get(url).status_code == 200
    run_jobs()
    assert list_leaks(lines) == []


def test_a_secret_in_an_address_is_not_logged(lines: StringIO) -> None:
    secret = "Zk3_" + "a-secret-of-this-test-for-an-address-" + "9"
    try:
        raise RuntimeError(f"failed at /requests/download/{secret}/")
    except RuntimeError:
        logging.getLogger("django.request").exception(
            "Internal Server Error: /requests/download/%s/", secret
        )
    assert "Internal Server Error: /requests/download/" in lines.getvalue()
    assert secret not in lines.getvalue()
