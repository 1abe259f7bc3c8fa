"""A form from its first page to its answers, as it is tried out at the desk."""

import json
import re
from datetime import datetime
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils.translation import override

from bluelamp.demo import cast
from bluelamp.foundation.forms.built_in import QuestionSetFile
from bluelamp.foundation.forms.commands import load_question_set
from bluelamp.foundation.forms.models import FormDraft
from bluelamp.foundation.forms.rules import list_sentences, parse_question_set
from bluelamp.web.forms.filled_form import FilledForm
from bluelamp.web.forms.flow import MAX_TEXT_LENGTH
from bluelamp.web.forms.pages import Texts
from bluelamp.web.languages import NotInWelsh
from tests.cast import INSTALLER, browser
from tests.foundation.forms.sets import JOURNEY, lost_property

pytestmark = pytest.mark.django_db
CONTACT = {
    "asked": "by email phone colours born",
    "by": "email",
    "email": "grace@example.com",
    "born_day": "1",
    "born_month": "3",
    "born_year": "1980",
}


class Form:
    """A form that Joy fills in."""

    def __init__(self, name: str = "journey") -> None:
        self.client = browser(cast.JOY)
        answer: Any = self.client.post(f"/desk/forms/{name}/1/preview")
        assert answer.status_code == 302, answer.content
        self.base = answer["location"]

    def get(self, path: str = "", status: int = 200) -> str:
        """Return a page, such as `pages/name/`, as text without tags and needless space."""
        answer: Any = self.client.get(self.base + path, follow=True)
        assert answer.status_code == status, answer.content
        return text_of(answer)

    def post(self, path: str, **fields: str) -> tuple[str, str]:
        """Send a page, and return where it leads and what is shown there."""
        answer: Any = self.client.post(self.base + path, fields, follow=True)
        url = answer.redirect_chain[-1][0] if answer.redirect_chain else path
        return url.removeprefix(self.base), text_of(answer)

    @property
    def texts(self) -> dict[str, str]:
        """Return what is saved."""
        texts: dict[str, str] = FormDraft.objects.latest("saved_at").texts
        return texts


def text_of(answer: HttpResponse) -> str:
    """Return the words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture(autouse=True)
def _loaded(at: datetime) -> None:
    for file in (JOURNEY, lost_property()):
        load_question_set(actor=INSTALLER, at=at, file=file)


@pytest.fixture
def form() -> Form:
    """The form with tasks."""
    return Form()


def test_it_works(form: Form) -> None:
    tasks = form.get()
    assert "You have completed 1 of 3 tasks" in tasks or "You have completed 0 of 3" in tasks
    where, _ = form.post("pages/name/", asked="full_name", full_name="Grace Holloway")
    assert where == "pages/contact/"
    where, tasks = form.post("pages/contact/", **CONTACT)
    assert where == ""
    assert "About you Completed" in tasks
    where, page = form.post("rows/vehicles/", add="1")
    assert where == "pages/vehicle/1/"
    assert "Vehicle 1" in page
    assert form.post("pages/vehicle/1/", asked="make", make="Ford")[0] == "pages/colour/1/"
    where, rows = form.post("pages/colour/1/", asked="colour", colour="red")
    assert where == "rows/vehicles/"
    assert "What make is it? Ford" in rows
    assert form.post("rows/vehicles/")[0] == ""
    where, tasks = form.post("pages/declare/", asked="agree", agree="yes")
    assert "You have completed 3 of 3 tasks" in tasks
    check = form.get("check/")
    for text in ("Grace Holloway", "grace@example.com", "1 March 1980", "Ford", "Red"):
        assert text in check
    where, end = form.post("check/")
    assert where == "end/"
    assert "Person: applicant" in end
    assert "Grace Holloway" in end


def test_every_page_has_one_heading(form: Form) -> None:
    form.post("rows/vehicles/", add="1")
    pages = ("", "pages/name/", "pages/contact/", "pages/vehicle/1/", "rows/vehicles/", "check/")
    for path in (*pages, "rows/vehicles/?remove=1", "pages/contact/?errors=1"):
        answer: Any = form.client.get(form.base + path, follow=True)
        assert answer.content.count(b"<h1") == 1, path


def test_errors_lead_to_their_fields(form: Form) -> None:
    where, page = form.post("pages/contact/", asked=CONTACT["asked"], by="email", born_day="x")
    assert where == "pages/contact/?errors=1"
    assert "There is a problem Enter an email address" in page
    answer = form.client.get(f"{form.base}pages/contact/?errors=1")
    assert answer.status_code == 422
    for field in ("email", "born"):
        assert f'href="#{field}"'.encode() in answer.content
        assert f'id="{field}"'.encode() in answer.content
    # Whoever comes back sees what they typed, and no errors before they press the button.
    again = form.client.get(f"{form.base}pages/contact/")
    assert again.status_code == 200
    assert b'value="x"' in again.content


def test_a_new_question_on_the_same_page(form: Form) -> None:
    """Without JavaScript, Continue shows it first; its error comes the next time."""
    answers = {**CONTACT, "colours": ["red", "blue"]}
    where, page = form.post("pages/contact/", **answers)
    assert where == "pages/contact/"
    assert "Which shade?" in page
    assert "There is a problem" not in page
    asked = f"{CONTACT['asked']} shade"
    where, page = form.post("pages/contact/", **{**answers, "asked": asked})
    assert "Enter the shade" in page
    assert form.post("pages/contact/", **{**answers, "asked": asked, "shade": "dark"})[0] == ""


def test_changing_an_answer_from_the_check_page(form: Form) -> None:
    where, _ = form.post("pages/name/", asked="full_name", full_name="Gracie", **{"from": "check"})
    assert where == "check/"
    where, _ = form.post("pages/name/", asked="full_name", full_name="", **{"from": "check"})
    assert where == "pages/name/?from=check&errors=1"


def test_an_answer_of_a_hidden_question_stays_and_does_not_count(form: Form) -> None:
    form.post("pages/contact/", **CONTACT)
    form.post("pages/contact/", **{**CONTACT, "by": "phone", "phone": "07700900123"})
    assert form.texts["email"] == "grace@example.com"
    assert "grace@example.com" not in form.get("check/")


def test_rows_are_changed_and_removed(form: Form) -> None:
    for number, make in ((1, "Ford"), (2, "Fiat")):
        form.post("rows/vehicles/", add="1")
        form.post(f"pages/vehicle/{number}/", asked="make", make=make)
    assert "Add a vehicle" not in form.get("rows/vehicles/")
    form.post("rows/vehicles/", add="1")
    assert form.texts["vehicles.rows"] == "1 2"
    assert "Do you want to remove vehicle 1?" in form.get("rows/vehicles/?remove=1")
    _where, page = form.post("rows/vehicles/", remove="1")
    assert "Fiat" in page
    assert "Ford" not in page
    assert not any(name.startswith("vehicles.1.") for name in form.texts)
    form.post("rows/vehicles/", add="1")
    assert form.texts["vehicles.rows"] == "2 3"
    form.get("pages/vehicle/1/", status=404)
    form.post("rows/vehicles/", remove="99")
    assert form.texts["vehicles.rows"] == "2 3"


def test_an_unfinished_row(form: Form) -> None:
    form.post("rows/vehicles/", add="1")
    where, page = form.post("rows/vehicles/")
    assert where == "rows/vehicles/?errors=1"
    assert "There is a problem Enter the make" in page
    assert "Enter the make" in form.get("check/")
    assert form.post("check/")[0] == "check/"


def test_what_is_typed_is_saved_without_checks(form: Form) -> None:
    answer = form.client.post(
        f"{form.base}pages/contact/save", {"asked": CONTACT["asked"], "email": "not an ad"}
    )
    assert answer.status_code == 204
    assert form.texts["email"] == "not an ad"


def test_only_what_was_asked_is_saved(form: Form) -> None:
    form.post("pages/name/", asked="full_name", full_name="Grace")
    form.post("pages/contact/", asked="by full_name", by="email", full_name="Mallory", other="x")
    assert form.texts["full_name"] == "Grace"
    assert "other" not in form.texts


def test_text_that_cannot_be_stored(form: Form) -> None:
    for text in ("a\x00b", "x" * 30_000):
        form.post("pages/name/", asked="full_name", full_name=text)
        assert len(form.texts["full_name"]) <= MAX_TEXT_LENGTH
        assert "\x00" not in form.texts["full_name"]


@pytest.mark.parametrize(
    "path", ["pages/nothing/", "pages/name/1/", "pages/vehicle/", "rows/about/", "rows/nothing/"]
)
def test_there_is_no_such_page(form: Form, path: str) -> None:
    form.get(path, status=404)


def test_a_form_of_pages_begins_at_once() -> None:
    form = Form("lost-property")
    assert "What did you lose?" in form.get()
    assert form.post("pages/what/", asked="what", what="My hat")[0] == "check/"


def test_coming_back_finds_the_answers(form: Form) -> None:
    form.post("pages/name/", asked="full_name", full_name="Grace")
    assert Form().base == form.base


def test_somebody_elses_form(form: Form) -> None:
    other = browser(cast.ADA)
    assert other.get(form.base).status_code in {403, 404}
    assert Client().get(form.base).status_code == 302


class _Form(FilledForm):
    def url(self, view: str, *parts: object) -> str:
        return ""

    def store(self, texts: Texts, removed_prefix: str) -> None: ...

    def finish(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse()


def test_welsh(at: datetime) -> None:
    """A form is shown in the language of the page, if every sentence of it is in that language."""
    content = lost_property(2).content
    sentences = list_sentences(parse_question_set(content))
    welsh = "\n".join(f"{json.dumps(sentence)}: Cymraeg" for sentence in sentences)
    complete = parse_question_set(content, translations={"cy": welsh})
    partial = parse_question_set(content, translations={"cy": welsh.partition("\n")[0]})
    assert _Form(partial, {}, at=at, sources={}).question_set.title != "Cymraeg"
    with override("cy"):
        assert _Form(complete, {}, at=at, sources={}).question_set.title == "Cymraeg"
        with pytest.raises(NotInWelsh):
            _Form(partial, {}, at=at, sources={})


def test_a_search_without_scripts(at: datetime, reference: None) -> None:
    """The button finds, the page offers, and other words take the choice back."""
    content = (
        lost_property()
        .content.replace("lost-property", "search")
        .replace("type: text", "type: code, options: {list: offences}")
    )
    load_question_set(actor=INSTALLER, at=at, file=QuestionSetFile(content, {}))
    form = Form("search")
    where, page = form.post("pages/what/", asked="what", what="", what_text="arson", find="what")
    assert where == "pages/what/"
    assert "There is a problem" not in page
    assert "Select from these results" in page
    answer = form.client.get(f"{form.base}pages/what/")
    [code, *_] = re.findall(r'type="radio" value="([^"]+)"', answer.content.decode())
    assert form.post("pages/what/", asked="what", what=code, what_text="arson")[0] == "check/"
    form.post("pages/what/", asked="what", what=code, what_text="criminal damage", find="what")
    assert form.texts["what"] == ""
