"""Form 201 at the desk's preview: somebody goes through every task to the page of answers."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bluelamp.demo import cast
from bluelamp.foundation.forms.built_in import built_in_files
from bluelamp.foundation.forms.commands import sync_built_in_sets
from bluelamp.foundation.forms.models import FormDraft
from bluelamp.foundation.forms.rules import QuestionSet, write_answers
from tests.cast import INSTALLER, START, browser
from tests.services.firearms.applications import complete_application

pytestmark = pytest.mark.django_db


class Walk:
    """Somebody who answers a form page by page, as the pages themselves lead."""

    def __init__(self, client: Client, form: QuestionSet, values: dict[str, Any]) -> None:
        self.client, self.form, self.values = client, form, values
        self.texts = write_answers(form, values)
        self.visited: list[str] = []
        self.answered_rows: dict[str, int] = {}

    def run(self, url: str) -> str:
        """Answer each task from the list at `url`; return the page with all answers."""
        tasks = self._task_links(self._get(url))
        for number in range(len(self.form.sections)):
            # Answers make tasks appear: the list is read again after each.
            if number >= len(tasks):
                break
            self._do_task(tasks[number], end=url)
            tasks = self._task_links(self._get(url))
        return self._get(f"{url}check/")

    def _do_task(self, url: str, *, end: str) -> None:
        for _ in range(100):
            if url == end:
                return
            answered = self._answer_rows(url) if "/rows/" in url else self._answer_page(url)
            assert "errors=1" not in answered, self._errors(answered)
            url = answered
        raise AssertionError(f"{url} leads nowhere")

    def _answer_rows(self, url: str) -> str:
        """Add a row, or answer the next that is there already, or go on; return where it leads."""
        section_id = re.findall(r"/rows/([^/]+)/", url)[0]
        links = re.findall(r'href="([^"]+)">Change', self._get(url))
        done = self.answered_rows.get(section_id, 0)
        if done == len(self.values[section_id]):
            return self._post(url, {})
        return links[done] if done < len(links) else self._post(url, {"add": "1"})

    def _answer_page(self, url: str) -> str:
        html = self._get(url)
        page_id, row = re.findall(r"/pages/([^/]+)/(?:(\d+)/)?", url)[0]
        self.visited.append(page_id)
        section = self.form.sections_by_page[page_id]
        prefix = f"{section.id}.{row}." if row else ""
        if row:
            self.answered_rows[section.id] = int(row)
        asked = re.findall(r'name="asked" value="([^"]*)"', html)[0]
        fields: dict[str, Any] = {"asked": asked}
        for name, text in self.texts.items():
            if prefix and not name.startswith(prefix):
                continue
            field = name.removeprefix(prefix)
            question = self.form.questions_by_id.get(field)
            if question and question.type == "files":
                field = f"{field}_uploaded"
            is_list = question and question.type in {"choices", "files"}
            fields[field] = text.split("\n") if is_list else text
        return self._post(url, fields)

    def _get(self, url: str) -> str:
        response = self.client.get(url)
        assert response.status_code == 200, url
        return response.content.decode()

    def _post(self, url: str, fields: dict[str, Any]) -> str:
        response = self.client.post(url, fields)
        assert response.status_code == 302, url
        return str(response["Location"])

    def _task_links(self, html: str) -> list[str]:
        return re.findall(r'govuk-task-list__link[^>]*href="([^"]+)"', html)

    def _errors(self, url: str) -> list[str]:
        return re.findall(r"Error:</span>([^<]+)", self.client.get(url).content.decode())


@pytest.fixture
def joy_at_the_desk() -> Client:
    sync_built_in_sets(actor=INSTALLER, at=START)
    return browser(cast.JOY)


def start_preview(client: Client, name: str) -> str:
    return str(client.post(reverse("desk-start-form", args=[name, 1]))["Location"])


def test_it_works(joy_at_the_desk: Client) -> None:
    form, values = built_in_files()["form-201"].question_set, complete_application()
    url = start_preview(joy_at_the_desk, "form-201")
    walk = Walk(joy_at_the_desk, form, values)
    answers = walk.run(url)

    # Every page but the one for people under 18.
    assert {page.id for page in form.pages} - set(walk.visited) == {"storage-adult"}
    assert "Before you send it" not in answers
    for text in ("Grace Ann", "Tikka T3x", "TK12345", "31 March 1980", "Lister Surgery", "Ruth"):
        assert text in answers
    ended = joy_at_the_desk.post(f"{url}check/")
    assert ended.status_code == 302
    assert "TK12345" in joy_at_the_desk.get(ended["Location"]).content.decode()


def test_an_unfinished_form_says_what_is_missing(joy_at_the_desk: Client) -> None:
    url = start_preview(joy_at_the_desk, "form-201")
    answers = joy_at_the_desk.get(f"{url}check/").content.decode()
    for sentence in (
        "Select which certificates you are applying for",
        "Enter your title",
        "Add every address of the last 5 years, without a gap, up to where you live now",
        "Select that everything in this application is true",
    ):
        assert sentence in answers
    # Of a form that takes weeks, the tasks that are not finished, and not each answer.
    tasks = dict(
        re.findall(r'<li><a class="govuk-link" href="[^"]+">([^<]+)</a>: (.+?)</li>', answers)
    )
    assert tasks["What you are applying for"] == "1 answer to give"
    assert tasks["About you"] == "13 answers to give"
    # Nobody has said which certificate they want, so no guns are asked for yet.
    assert "Firearms you have" not in answers


def test_it_is_saved_page_by_page(joy_at_the_desk: Client) -> None:
    url = start_preview(joy_at_the_desk, "form-201")
    joy_at_the_desk.post(
        f"{url}pages/certificates/", {"asked": "certificates", "certificates": ["shotgun"]}
    )
    tasks = joy_at_the_desk.get(url).content.decode()
    assert "Shotguns" in tasks
    assert "Firearms and ammunition" not in tasks
    assert FormDraft.objects.get().texts["certificates"] == "shotgun"
    # Whoever comes back finds what they wrote.
    assert start_preview(joy_at_the_desk, "form-201") == url
