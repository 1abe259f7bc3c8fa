"""A form of the desk that is sent twice is done once, and both sends lead to the same page."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.http import HttpResponse, HttpResponseRedirect
from django.test import Client, RequestFactory
from django.urls import reverse

from bluelamp.demo import cast
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.models import FormPost
from bluelamp.services.firearms.models import Certificate, HolderNotice, StageEntry
from bluelamp.web.form_posts import answer_once
from tests.cast import browser
from tests.services.firearms import licensing

pytestmark = pytest.mark.django_db
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture
def nell(reference: None) -> Client:
    """A browser of the licensing manager, who may decide everything."""
    licensing.give_authority(at=now())
    return browser(cast.NELL)


def token_of(client: Client, url: str) -> str:
    """Return the token of the last form of a page."""
    return str(_TOKEN.findall(client.get(url).content.decode())[-1])


def permit_form(**changes: Any) -> dict[str, Any]:
    """Return a permit for the guns of somebody who died."""
    today = london_date(now())
    return {
        "purpose": "estate",
        "given_name": "Ada",
        "family_name": "Obi",
        "address": "3 Rye Lane",
        "gun1_type": "rifle",
        "gun1_make": "Tikka",
        "gun1_calibre": ".308",
        "gun1_serial_number": "T-1",
        "storage_address": "3 Rye Lane",
        "expires_on_day": today.day,
        "expires_on_month": today.month,
        "expires_on_year": today.year,
        "may_use": "no",
        "reasons": "Executor",
        "risk": "low",
        **changes,
    }


def test_it_works(nell: Client) -> None:
    """Two clicks make one permit."""
    url = reverse("desk-firearms-issue-permit")
    form = permit_form(csrfmiddlewaretoken=token_of(nell, url))
    first, second = nell.post(url, form), nell.post(url, form)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Certificate.objects.filter(kind="temporary-permit").count() == 1


def test_a_form_that_was_changed_is_another(nell: Client) -> None:
    """Somebody goes back and enters the next gun: that is no second click."""
    url = reverse("desk-firearms-issue-permit")
    token = token_of(nell, url)
    nell.post(url, permit_form(csrfmiddlewaretoken=token))
    nell.post(url, permit_form(csrfmiddlewaretoken=token, gun1_serial_number="T-2"))
    assert Certificate.objects.filter(kind="temporary-permit").count() == 2


def test_the_page_drawn_again_is_another_form(nell: Client) -> None:
    url = reverse("desk-firearms-issue-permit")
    for _time in range(2):
        nell.post(url, permit_form(csrfmiddlewaretoken=token_of(nell, url)))
    assert Certificate.objects.filter(kind="temporary-permit").count() == 2


def test_a_refused_form_can_be_sent_again(nell: Client) -> None:
    url = reverse("desk-firearms-issue-permit")
    form = permit_form(csrfmiddlewaretoken=token_of(nell, url), reasons="")
    assert nell.post(url, form).status_code == 422
    assert nell.post(url, form).status_code == 422
    assert not FormPost.objects.exists()


def test_what_a_script_saves_is_not_held_back(nell: Client) -> None:
    url = reverse("desk-firearms-issue-permit")
    form = permit_form(csrfmiddlewaretoken=token_of(nell, url))
    for _time in range(2):
        nell.post(url, form, headers={"Sec-Fetch-Mode": "cors"})
    assert Certificate.objects.filter(kind="temporary-permit").count() == 2


def test_an_application_is_withdrawn_once(reference: None) -> None:
    """The second click would be told that it is too late."""
    application = licensing.receive(at=now())
    client = browser(cast.IKE)
    page = reverse("desk-firearms-application", kwargs={"reference": application})
    url = reverse("desk-firearms-act", kwargs={"reference": application, "verb": "withdraw"})
    form = {
        "withdraw_reason": "By phone",
        "csrfmiddlewaretoken": token_of(client, page),
    }
    first, second = client.post(url, form), client.post(url, form)
    assert first["Location"] == second["Location"] == f"{page}?done=withdrawn"
    assert StageEntry.objects.filter(stage="withdrawn").count() == 1


def test_a_notice_by_phone_is_recorded_once(nell: Client) -> None:
    _, (number,) = licensing.grant(certificates="shotgun")
    url = reverse("desk-firearms-record-notice", kwargs={"number": number, "kind": "health"})
    client = browser(cast.IKE)
    today = london_date(now())
    day = {"day": today.day, "month": today.month, "year": today.year}
    form = {
        "means": "phone",
        "details": "A broken leg",
        **{
            f"{name}_{part}": value
            for name in ("told_on", "happened_on")
            for part, value in day.items()
        },
        "csrfmiddlewaretoken": token_of(client, url),
    }
    first, second = client.post(url, form), client.post(url, form)
    assert first.status_code == second.status_code == 302
    assert HolderNotice.objects.count() == 1


def test_a_script_that_sets_the_secret_of_the_cookie_makes_no_two_forms_one(nell: Client) -> None:
    """After another tab signs in, every form of a page has this one token: it tells none apart."""
    url = reverse("desk-firearms-issue-permit")
    nell.get(url)
    secret = nell.cookies["bluelamp_csrf"].value
    for _day in range(2):
        nell.post(url, permit_form(csrfmiddlewaretoken=secret))
    assert Certificate.objects.filter(kind="temporary-permit").count() == 2


ACTOR = Actor.system("test", permissions={"test.note"})
TOKEN = "a" * 64


@command(permission="test.note", act="test.noted")
def note(*, actor: Actor, at: datetime, is_refused: bool = False) -> None:
    """Record an act, and perhaps refuse it after all."""
    record_act(None)
    if is_refused:
        raise Refused("kernel.refused")


def count_notes() -> int:
    return AuditEntry.objects.filter(act="test.noted").count()


def send(answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Send one form, the same each time, to a view that answers so."""
    request = RequestFactory().post("/desk/", {"csrfmiddlewaretoken": TOKEN})
    response = answer_once(request, answer)
    assert isinstance(response, HttpResponse)
    return response


def send_note() -> HttpResponse:
    note(actor=ACTOR, at=now())
    return HttpResponseRedirect("/done/")


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Count the waits instead of waiting."""
    seconds: list[float] = []
    monkeypatch.setattr("time.sleep", seconds.append)
    return seconds


def test_what_leads_nowhere_is_done_anew_without_a_wait(waits: list[float]) -> None:
    """A button that sends a file leaves its page open, to be pressed again."""

    def send_file() -> HttpResponse:
        note(actor=ACTOR, at=now())
        return HttpResponse("a file")

    send(send_file)
    assert send(send_file).content == b"a file"
    assert (count_notes(), waits) == (2, [])


def test_what_breaks_after_its_first_command_is_done_anew(waits: list[float]) -> None:
    def break_off() -> HttpResponse:
        note(actor=ACTOR, at=now())
        raise Conflict

    for _time in range(2):
        with pytest.raises(Conflict):
            send(break_off)
    assert (count_notes(), waits) == (2, [])


def test_a_second_send_never_overtakes_a_slow_first(waits: list[float]) -> None:
    """The first has run a command and is not answered yet, however long that takes."""

    def take_long() -> HttpResponse:
        note(actor=ACTOR, at=now())
        with pytest.raises(Conflict):
            send(send_note)
        return HttpResponseRedirect("/done/")

    send(take_long)
    assert count_notes() == 1
    assert waits
    assert send(send_note)["Location"] == "/done/"


def test_a_refused_command_leaves_the_send_to_the_next(waits: list[float]) -> None:
    def try_both() -> HttpResponse:
        with pytest.raises(Refused):
            note(actor=ACTOR, at=now(), is_refused=True)
        return send_note()

    send(try_both)
    send(try_both)
    assert count_notes() == 1
