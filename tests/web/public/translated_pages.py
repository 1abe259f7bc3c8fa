"""Every public page of firearms licensing, requests and payments, as a browser gets it.

`collect_pages` walks them in one language. They are collected first and looked at afterwards: a
browser and the database do not go together in one thread.
"""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bluelamp.foundation.forms.built_in import built_in_files
from bluelamp.foundation.forms.commands import save_form_draft
from bluelamp.foundation.forms.lookups import built_in_question_set
from bluelamp.foundation.forms.rules import write_answers
from bluelamp.foundation.kernel.clock import now
from bluelamp.services.firearms.commands import referees
from bluelamp.services.firearms.commands.sessions import send_code_job
from bluelamp.services.firearms.models import Application
from bluelamp.services.firearms.rules.notices import NoticeKind
from bluelamp.services.requests.models import InformationRequest
from bluelamp.web.public.firearms import cookies
from tests.foundation.payments.paying import confirm_fee
from tests.services.firearms.applications import complete_application
from tests.services.firearms.test_submit_application import PUBLIC, REPLY
from tests.services.requests.making import (
    CIVIL_DISCLOSURE,
    CLARES_LAW,
    COLLISION,
    FINGERPRINTS,
    FREEDOM_OF_INFORMATION,
    PEDLARS_CERTIFICATE,
    SUBJECT_ACCESS,
)

KINDS = ("variation", "replacement", "dealer", "visitor-permit", "explosives")
SERVICES = {
    "subject-access": SUBJECT_ACCESS,
    "disclosure-scheme": CLARES_LAW,
    "collision-report": COLLISION,
    "freedom-of-information": FREEDOM_OF_INFORMATION,
    "pedlar-certificate": PEDLARS_CERTIFICATE,
    "fingerprints-visa": FINGERPRINTS,
    "civil-interview-record": CIVIL_DISCLOSURE,
}


class PageWalk:
    """A walk through the pages in one language. `pages` has the HTML of each, by its name."""

    def __init__(self, prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.prefix = prefix
        self.client = Client()
        self.pages: dict[str, str] = {}
        self.tokens: list[str] = []
        make_token = referees.secrets.token_urlsafe
        monkeypatch.setattr(
            referees.secrets,
            "token_urlsafe",
            lambda size: self.tokens.append(make_token(size)) or self.tokens[-1],
        )
        monkeypatch.setattr("secrets.choice", lambda digits: digits[0])

    def get(self, path: str, name: str = "") -> str:
        """Get a page, following redirects, and keep it under its name."""
        response = self.client.get(self._localise(path), follow=True)
        html = str(response.content.decode())
        self.pages[name or path] = html
        return html

    def post(self, path: str, fields: dict[str, Any], name: str = "") -> str:
        """Post a form; return where it leads, or keep the page with its errors."""
        response = self.client.post(self._localise(path), fields)
        if name:
            location = response.headers.get("Location", "")
            self.pages[name] = (
                str(self.client.get(location, follow=True).content.decode())
                if location
                else str(response.content.decode())
            )
        return str(response.headers.get("Location", ""))

    def _localise(self, path: str) -> str:
        return path if path.startswith(self.prefix) else self.prefix + path

    def walk_form(self, base: str, name: str, page_prefix: str = "") -> None:
        """Keep every page of the form that the browser has, as far as it is asked, with errors."""
        for page in built_in_question_set(name).pages:
            path = f"{base}{page_prefix}{page.id}/"
            if self.client.get(self._localise(path)).status_code == 200:
                self.get(f"{path}?errors=1", f"{name} {page.id}")


def collect_pages(prefix: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the HTML of the pages in a language, whose addresses begin with `prefix`."""
    walk = PageWalk(prefix, monkeypatch)
    _walk_firearms(walk)
    _walk_requests(walk)
    walk.get("/firearms/nothing-here/", "404")
    return walk.pages


def _walk_firearms(walk: PageWalk) -> None:
    for path in ("/firearms/", "/firearms/apply/", "/firearms/my/", "/firearms/performance/"):
        walk.get(path)
    walk.get("/firearms/check/ABCDEFGHJKLM/", "certificate")
    walk.post("/firearms/apply/", {"kind": "", "email": ""}, "apply with errors")
    walk.post("/firearms/my/", {"reference": "x"}, "my with errors")
    for kind in KINDS:
        walk.post("/firearms/apply/", {"kind": kind, "email": "grace@example.org"})
        walk.get("/firearms/form/", f"tasks of {kind}")
        name = _question_set_of(walk)
        walk.walk_form("/firearms/form/", name, "pages/")
    walk.post("/firearms/apply/", {"kind": "grant", "email": "grace@example.org"})
    walk.get("/firearms/form/", "empty tasks")
    walk.get("/firearms/form/check/", "check with missing answers")
    _fill_in(walk)
    walk.walk_form("/firearms/form/", "form-201", "pages/")
    for section in built_in_question_set("form-201").sections:
        if section.repeat:
            walk.get(f"/firearms/form/rows/{section.id}/")
            walk.get(f"/firearms/form/rows/{section.id}/?remove=1")
            for page in section.pages:
                walk.get(f"/firearms/form/pages/{page.id}/1/?errors=1")
    walk.get("/firearms/form/check/", "check")
    walk.post("/firearms/form/check/", {})
    walk.get("/firearms/done/")
    _walk_referee(walk)
    application = Application.objects.latest("received_at")
    walk.post("/firearms/my/", {"reference": application.reference})
    walk.get("/firearms/my/code/")
    walk.post("/firearms/my/code/", {"code": "x"}, "code with errors")
    send_code_job(reference=application.reference, force="01")
    walk.post("/firearms/my/code/", {"code": "000000"})
    walk.get("/firearms/my/application/")
    walk.get("/firearms/my/licences/")
    for notice in NoticeKind:
        walk.get(f"/firearms/my/tell/{notice}/")
    html = walk.pages["/firearms/my/application/"]
    for link in re.findall(r'href="([^"]*/my/referee/[^"]*)"', html)[:1]:
        walk.get(link, "referee of mine")
        walk.post(link, {"email": "x"}, "referee of mine with errors")


def _walk_referee(walk: PageWalk) -> None:
    base = reverse("firearms-referee", args=[walk.tokens[-1]])
    walk.get(base, "referee")
    walk.walk_form(base, "referee-reply")
    for page in built_in_question_set("referee-reply").pages:
        fields = {"asked": " ".join(q.id for q in page.questions)}
        walk.post(f"{base}{page.id}/", fields | _reply_texts())
    walk.get(f"{base}check/", "referee's answers")
    walk.post(f"{base}check/", {})
    walk.get(base, "referee who replied")
    walk.get("/firearms/referee/no-such-link/", "referee's link that ended")


def _walk_requests(walk: PageWalk) -> None:
    confirm_fee("COLLISION_REPORT", 17330, vat_percent=20)
    confirm_fee("CIVIL_INTERVIEW_RECORD", 6090, vat_percent=20)
    confirm_fee("FINGERPRINTS_VISA", 9000, vat_percent=20)
    confirm_fee("PEDLAR_CERTIFICATE", 1225)
    for path in ("/requests/", "/requests/track/", "/requests/download/no-such-link/"):
        walk.get(path)
    walk.post("/requests/download/no-such-link/", {}, "download that ended")
    walk.post("/requests/track/", {"reference": "x"}, "track with errors")
    for slug, texts in SERVICES.items():
        walk.get(f"/requests/{slug}/")
        url = walk.client.get(walk.post(f"/requests/{slug}/", {}))["location"]
        while not url.endswith("/check/"):
            html = walk.get(f"{url}?errors=1", f"{slug} {url.split('/')[-2]}")
            asked = re.search(r'name="asked" value="([^"]*)"', html)
            assert asked, url
            url = walk.post(url, texts | {"asked": asked[1]})
        walk.get(url, f"check of {slug}")
        walk.get(walk.post(url, {}), f"after {slug}")
        walk.get("/requests/sent/", f"sent {slug}")
    walk.post("/requests/track/", {"reference": InformationRequest.objects.all()[0].reference})
    walk.get("/requests/track/code/")
    walk.post("/requests/track/code/", {"code": "1"}, "request's code with errors")


def _question_set_of(walk: PageWalk) -> str:
    cookie = cookies.get_draft(walk.client.get("/firearms/form/").wsgi_request)
    assert cookie is not None
    from bluelamp.foundation.forms.lookups import get_form_draft

    draft = get_form_draft(actor=PUBLIC, at=now(), draft_id=cookie.draft_id, secret=cookie.secret)
    assert draft.question_set.name in built_in_files()
    return draft.question_set.name


def _fill_in(walk: PageWalk) -> None:
    cookie = cookies.get_draft(walk.client.get("/firearms/form/").wsgi_request)
    assert cookie is not None
    save_form_draft(
        actor=PUBLIC,
        at=now(),
        draft_id=cookie.draft_id,
        secret=cookie.secret,
        texts=write_answers(built_in_question_set("form-201"), complete_application()),
    )


def _reply_texts() -> dict[str, str]:
    return dict(write_answers(built_in_question_set("referee-reply"), REPLY))
