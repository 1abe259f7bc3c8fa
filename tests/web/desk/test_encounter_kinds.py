"""The desk's pages of each kind of encounter: list, record, return and correction."""

import re
from dataclasses import replace

import pytest
from django.test import Client

from bluelamp.casework.encounters.commands import record_at_scene
from bluelamp.casework.encounters.models import Encounter
from bluelamp.foundation.forms.built_in import built_in_files
from bluelamp.foundation.forms.models import FormDraft
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.web.desk.encounters import KINDS
from tests.casework.encounters.kinds import KIND_VALUES
from tests.casework.encounters.scenes import AT, SHA256, make_capture

pytestmark = pytest.mark.django_db


def page_of(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", answer.content.decode())


def record(ada: Actor, kind: str) -> str:
    capture = replace(
        make_capture(),
        question_set=kind,
        version=built_in_files()[kind].question_set.version,
        values=KIND_VALUES[kind],
    )
    return record_at_scene(actor=ada, at=AT, capture=capture, sha256=SHA256).reference


@pytest.mark.parametrize("kind", sorted(KIND_VALUES))
def test_it_works(
    ada_desk: Client,
    kemi_desk: Client,
    bilal_desk: Client,
    ada: Actor,
    reference: None,
    forms_loaded: None,
    kind: str,
) -> None:
    made = record(ada, kind)
    here = f"/desk/encounters/{made}/"
    listed = page_of(kemi_desk, f"/desk/encounters/?kind={kind}")
    assert made in listed
    assert f'href="?kind={kind}"' in listed
    assert "Publish a month" not in listed, "only searches are published"
    assert made not in page_of(kemi_desk, "/desk/encounters/")
    assert made in page_of(ada_desk, f"/desk/encounters/?kind={kind}")
    assert made not in page_of(bilal_desk, f"/desk/encounters/?kind={kind}")
    assert bilal_desk.get(here).status_code == 404
    shown = page_of(kemi_desk, here)
    assert "BWV-77" in shown
    assert "Copy for the person" not in shown
    kemi_desk.post(f"{here}return", {"reason": "Say which camera."})
    assert "Returned to the officer" in page_of(ada_desk, f"/desk/encounters/?kind={kind}")
    form = ada_desk.post(f"{here}correct")["location"]
    shown = page_of(ada_desk, form)
    assert "Say which camera." in shown
    texts = FormDraft.objects.get().texts
    answers = {name: text for name, text in texts.items() if name != "place_postcode"}
    # The page has fields of its own for a day and a time, and fills them in.
    dates = {tag for tag in re.findall(r"<input[^>]*happened_at_[^>]*>", shown) if "value=" in tag}
    for tag in dates:
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value:
            answers[name[1]] = value[1]
    answers |= {"place_place_text": "SE15 4QL", "video_reference": "BWV-78"}
    done = ada_desk.post(form, {**answers, "_reason": "It was the other.", "action": "finish"})
    assert done.status_code == 302, re.findall(
        r"govuk-error-summary__list.*?</ul>", done.content.decode(), re.S
    )
    assert "BWV-78" in page_of(kemi_desk, done["location"])
    assert Encounter.objects.get(version=2).kind == kind


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_empty_list_of_each_kind_says_so(kemi_desk: Client, kind: str) -> None:
    assert "There are no " in page_of(kemi_desk, f"/desk/encounters/?kind={kind}")
