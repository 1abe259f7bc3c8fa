"""A visitor without JavaScript, and the answers that Esi gives."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from PIL import Image

from bluelamp.foundation.kernel.clock import LONDON, now
from bluelamp.web.public.refused_forms import FLAG
from tests.job_queue import run_waiting_jobs

YESTERDAY = now().astimezone(LONDON).date() - timedelta(days=1)
ON = {
    "day": str(YESTERDAY.day),
    "month": str(YESTERDAY.month),
    "year": str(YESTERDAY.year),
    "time": "10pm",
}
ANSWERS: dict[str, dict[str, str]] = {
    "what": {"kind": "criminal-damage"},
    "where": {"place_text": "SE15 4QL", "place": "", "address": "24 Rye Lane", "place_detail": ""},
    "when": {"when": "exact", **{f"on_{part}": value for part, value in ON.items()}},
    "story": {
        "narrative": "Somebody scratched my car from the bonnet to the boot.",
        "vrm": "AB12 CDE",
    },
    "you": {"role": "victim", "given_name": "Esi", "family_name": "Boateng"},
    "contact": {
        "email": "esi@example.com",
        "is_safe_to_contact": "yes",
        "contact_preference": "email",
    },
}


class Visitor(Client):
    """A browser: it follows the redirect to a form that was refused, and jobs run meanwhile."""

    def post(self, path: Any, *arguments: Any, **options: Any) -> Any:
        """Post, and return the page with the errors if the form was refused."""
        response = super().post(path, *arguments, **options)
        if path.startswith("/track/"):
            run_waiting_jobs()
        location = response.get("location", "")
        is_refused = response.status_code == 302 and FLAG in QueryDict(location.partition("?")[2])
        return self.get(location) if is_refused else response


@pytest.fixture
def visitor(reference: None) -> Visitor:
    return Visitor()


def answer_all(visitor: Client) -> None:
    """Answer every question as Esi does."""
    visitor.post("/report/", {"emergency": "no"})
    for slug, answers in ANSWERS.items():
        response = visitor.post(f"/report/{slug}/", answers)
        assert response.status_code == 302, (slug, response.content.decode())


def photo() -> io.BytesIO:
    """Return a small real picture."""
    file = io.BytesIO()
    Image.new("RGB", (80, 60), "steelblue").save(file, "JPEG")
    file.seek(0)
    file.name = "car.jpg"
    return file


def reference_on(page: str) -> str:
    """Return the reference on a page."""
    match = re.search(r"BL-[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}", page)
    assert match, page
    return match[0]
