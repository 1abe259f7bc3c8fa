"""Stop and searches and risk assessments at the desk."""

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from bluelamp.casework.crimes.commands import correct_person
from bluelamp.casework.encounters.models import Encounter, RiskAssessment
from bluelamp.casework.encounters.police_uk import COLUMNS
from bluelamp.casework.investigations.commands import allocate_officer
from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.forms.built_in import QuestionSetFile
from bluelamp.foundation.forms.commands import load_question_set
from bluelamp.foundation.forms.models import FormDraft
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.people.lookups import to_person_detail
from bluelamp.records.people.models import Person, PersonCorrection
from tests.casework.encounters.scenes import (
    risk_values,
)
from tests.cast import INSTALLER, START, account
from tests.web.desk.scenes import slug

pytestmark = pytest.mark.django_db


@pytest.fixture
def risk_form(ada_desk: Client, crime: tuple[str, UUID], forms_loaded: None) -> str:
    """The address of an assessment that Ada has begun."""
    address = f"/desk/crimes/{slug(crime[0])}/assess-risk"
    victim = re.search(r'value="([0-9a-f-]{36})"', ada_desk.get(address).content.decode())
    assert victim
    return ada_desk.post(address, {"victim": victim[1]})["location"]


def page_of(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", answer.content.decode())


def test_it_works(ada_desk: Client, search: str) -> None:
    listed = page_of(ada_desk, "/desk/encounters/")
    assert "1 stop and search" in listed
    assert search in listed
    page = page_of(ada_desk, f"/desk/encounters/{search}/")
    for text in ("Controlled drugs", "White: British", "Sunil Vexley", "2 June 2026", "BWV-2291"):
        assert text in page, text


def test_an_empty_list_says_what_to_do(ada_desk: Client) -> None:
    assert "Officers record them on their phone" in page_of(ada_desk, "/desk/encounters/")
    risk = page_of(ada_desk, "/desk/encounters/?kind=risk-assessment")
    assert "open a crime and select Assess risk" in risk


def test_others_do_not_find_it(
    bilal_desk: Client, femi_desk: Client, kemi_desk: Client, lena: Client, search: str
) -> None:
    for browser in (bilal_desk, femi_desk, lena):
        assert browser.get(f"/desk/encounters/{search}/").status_code in {403, 404}
        assert browser.get(f"/desk/encounters/{search}/copy").status_code in {403, 404}
    assert search not in page_of(bilal_desk, "/desk/encounters/")
    assert lena.get("/desk/encounters/").status_code == 403
    assert search in page_of(kemi_desk, "/desk/encounters/")
    assert search in page_of(kemi_desk, f"/desk/encounters/?officer={search}")
    assert search not in page_of(kemi_desk, "/desk/encounters/?officer=nobody")


def test_a_date_that_is_none_is_said_so(kemi_desk: Client) -> None:
    answer = kemi_desk.get("/desk/encounters/?from=yesterday")
    assert answer.status_code == 422
    assert "From must be a real date" in answer.content.decode()


def test_the_person_gets_a_copy(ada_desk: Client, search: str) -> None:
    page = page_of(ada_desk, f"/desk/encounters/{search}/copy")
    assert "Metropolitan Police" in page
    assert "until 2 June 2026" in page
    assert AuditEntry.objects.filter(act="encounter.copy_printed", ref=search).count() == 1


def test_a_month_is_downloaded(kemi_desk: Client, ada_desk: Client, search: str) -> None:
    answer = kemi_desk.get("/desk/encounters/stop-search.csv?month=2026-03")
    assert (
        "2026-03-metropolitan-police-service-stop-and-search.csv" in answer["content-disposition"]
    )
    text = b"".join(answer).decode()
    (row,) = csv.DictReader(io.StringIO(text))
    assert tuple(row) == COLUMNS
    assert row["Legislation"] == "Misuse of Drugs Act 1971 (section 23)"
    assert "Vexley" not in text
    assert ada_desk.get("/desk/encounters/stop-search.csv?month=2026-03").status_code == 403
    wrong = kemi_desk.get("/desk/encounters/stop-search.csv?month=March")
    assert wrong.status_code == 422
    assert "Month must be a real month" in wrong.content.decode()


def test_a_risk_is_assessed(ada_desk: Client, crime: tuple[str, UUID], risk_form: str) -> None:
    form = page_of(ada_desk, risk_form)
    assert "Domestic abuse risk: Esi Mensah" in form
    assert "Topics only" in form
    answers = {**risk_values(fear="yes"), "fear_detail": "He has a key to the house."}
    grade = {"_grade": "high", "_grade_reason": "He has threatened to come back tonight."}
    done = ada_desk.post(risk_form, {**answers, **grade, "action": "finish"})
    assert done["location"].endswith("?done=assessed#risk")
    assert not FormDraft.objects.exists()
    again = ada_desk.post(risk_form, {**answers, **grade, "action": "finish"})
    assert again["location"] == done["location"], "the button pressed twice"
    page = page_of(ada_desk, f"/desk/crimes/{slug(crime[0])}/?done=assessed")
    for text in ("Risk assessment saved", "High risk", "1 answer yes", "He has threatened"):
        assert text in page, text
    reference = Encounter.objects.get().reference
    shown = page_of(ada_desk, f"/desk/crimes/{slug(crime[0])}/risk-assessments/{reference}")
    for text in ("He has a key to the house.", "professional judgement", "not a score"):
        assert text in shown, text


def test_what_is_missing_is_shown_at_once_and_nothing_is_lost(
    ada_desk: Client, risk_form: str
) -> None:
    answer = ada_desk.post(risk_form, {"fear": "yes", "fear_detail": "Yes.", "action": "finish"})
    page = answer.content.decode()
    assert answer.status_code == 422
    for text in ("Select how great the risk is", "Enter why you graded", "injury in this incident"):
        assert text in page, text
    assert 'value="Yes."' in page
    assert not RiskAssessment.objects.exists()


def test_an_assessment_is_saved_and_finished_later(
    ada_desk: Client, bilal_desk: Client, crime: tuple[str, UUID], risk_form: str
) -> None:
    assert ada_desk.post(f"{risk_form}/save", {"fear": "yes"}).status_code == 204
    later = {"fear": "yes", "_grade_reason": "She is afraid.", "action": "save"}
    assert ada_desk.post(risk_form, later)["location"] == risk_form
    assert "She is afraid." in page_of(ada_desk, risk_form)
    address = f"/desk/crimes/{slug(crime[0])}/assess-risk"
    victim = FormDraft.objects.get().texts["_victim"]
    assert ada_desk.post(address, {"victim": victim})["location"] == risk_form, "the same draft"
    assert bilal_desk.get(risk_form).status_code == 404, "a colleague's draft"


def test_a_correction_starts_from_what_was_answered(
    ada_desk: Client, crime: tuple[str, UUID], risk_form: str
) -> None:
    grade = {"_grade": "high", "_grade_reason": "He knows where she is."}
    ada_desk.post(risk_form, {**risk_values(fear="yes"), **grade, "action": "finish"})
    first = Encounter.objects.get()
    start = f"/desk/crimes/{slug(crime[0])}/assess-risk"
    begun = ada_desk.post(start, {"victim": str(first.person_id), "corrects": first.reference})
    form = page_of(ada_desk, begun["location"])
    assert "He knows where she is." in form
    assert "We filled this in from the assessment of" in form
    lower = {"_grade": "medium", "_grade_reason": "He has been arrested."}
    ada_desk.post(begun["location"], {**risk_values(fear="yes"), **lower, "action": "finish"})
    assert [row.grade for row in RiskAssessment.objects.order_by("encounter__version")] == [
        "high",
        "medium",
    ]
    assert "Corrected since." in page_of(ada_desk, f"/desk/crimes/{slug(crime[0])}/")


def test_what_the_record_has_is_filled_in_and_corrected(
    ada_desk: Client, crime: tuple[str, UUID], risk_form: str
) -> None:
    victim = Person.objects.get(family_name="Mensah")
    assert victim.phone == cast.ESI.phone
    form = page_of(ada_desk, risk_form)
    assert f'value="{cast.ESI.phone}"' in form
    assert "We filled this in from their record. Change it if it’s wrong." in form
    # It is asked each time: nobody is safe because they were once.
    assert not re.search(r'name="is_safe_to_contact"[^>]* checked', form)
    answers = {**risk_values(), "safe_contact": "time", "safe_contact_detail": "Before noon"}
    told = {"phone": "07700 900 222", "email": "", "home_lines": "2 Sister Street"}
    grade = {"_grade": "high", "_grade_reason": "He knows where she is."}
    ada_desk.post(risk_form, {**answers, **told, **grade, "action": "finish"})
    victim.refresh_from_db()
    assert (victim.phone, victim.email, victim.is_safe_to_contact) == ("07700 900 222", "", False)
    assert victim.safe_contact_detail == "Before noon"
    assert victim.address is not None
    assert victim.address.address == "2 Sister Street"
    (correction,) = PersonCorrection.objects.filter(person=victim)
    assert correction.before["phone"] == cast.ESI.phone
    assert Encounter.objects.get().reference in correction.reason
    assert correction.corrected_by_name.startswith("PC Ada Bello")


def test_what_nobody_changed_leaves_the_record_alone(
    ada_desk: Client, ada: Actor, crime: tuple[str, UUID], risk_form: str
) -> None:
    """Not even where a colleague has corrected the record since the form was filled in."""
    victim = Person.objects.get(family_name="Mensah")
    draft = FormDraft.objects.get()
    details = replace(to_person_detail(victim).as_input, phone="07700900333")
    correct_person(actor=ada, at=now(), person_id=victim.id, details=details, reason="She rang.")
    as_shown = {field: text for field, (text, _source) in draft.sources.items()}
    assert as_shown["phone"] == cast.ESI.phone
    answers = {**risk_values(), **as_shown, "safe_contact": "never"}
    grade = {"_grade": "high", "_grade_reason": "He knows where she is."}
    ada_desk.post(risk_form, {**answers, **grade, "action": "finish"})
    assert Encounter.objects.exists()
    victim.refresh_from_db()
    assert victim.phone == "07700900333"
    assert victim.is_safe_to_contact is False


def test_only_those_who_need_to_know_see_it(
    ada_desk: Client,
    bilal_desk: Client,
    desk: Client,
    joy: Actor,
    crime: tuple[str, UUID],
    risk_form: str,
) -> None:
    grade = {"_grade": "high", "_grade_reason": "He knows where she is."}
    ada_desk.post(risk_form, {**risk_values(), **grade, "action": "finish"})
    here = f"/desk/crimes/{slug(crime[0])}/"
    shown = f"{here}risk-assessments/{Encounter.objects.get().reference}"
    assert "He knows where she is." not in page_of(bilal_desk, here)
    assert bilal_desk.get(shown).status_code == 404
    assert "Risk assessments" not in page_of(desk, here)
    assert desk.get(f"{here}assess-risk").status_code == 403
    allocate_officer(actor=joy, at=now(), number=crime[0], officer_id=account(cast.BILAL).id)
    assert "He knows where she is." in page_of(bilal_desk, here)
    assert "He knows where she is." in page_of(bilal_desk, shown)


def test_a_force_loads_its_own_questions_under_its_licence(
    ada_desk: Client, crime: tuple[str, UUID], forms_loaded: None
) -> None:
    """The next version of the same name replaces the topics; the licence stands with it."""
    own = """\
name: domestic-abuse-topics
version: 3
title: Our force's risk questions
licence: Used by Our Force under licence 123 of its author
sections:
  - id: all
    title: All
    pages:
      - id: all
        title: Questions
        questions:
          - {id: afraid, type: yes_no, label: "Are they afraid?", missing: "Select if they are"}
"""
    load_question_set(
        actor=INSTALLER,
        at=START,
        file=QuestionSetFile(own, {}),
        in_force_from=START.date() + timedelta(days=1),
    )
    address = f"/desk/crimes/{slug(crime[0])}/assess-risk"
    start = ada_desk.get(address).content.decode()
    assert "under licence 123" in start
    victim = re.search(r'value="([0-9a-f-]{36})"', start)
    assert victim
    form = ada_desk.post(address, {"victim": victim[1]})["location"]
    assert "Are they afraid?" in page_of(ada_desk, form)
    grade = {"_grade": "medium", "_grade_reason": "Afraid of being followed."}
    ada_desk.post(form, {"afraid": "yes", **grade, "action": "finish"})
    encounter = Encounter.objects.get()
    assert encounter.question_set_version == 3
    shown = page_of(
        ada_desk, f"/desk/crimes/{slug(crime[0])}/risk-assessments/{encounter.reference}"
    )
    assert "under licence 123" in shown
    assert "Our force&#39;s risk questions" in shown or "Our force's risk questions" in shown


def test_nobody_fills_in_for_a_victim_of_another_crime(
    ada_desk: Client, bilal: Actor, crime: tuple[str, UUID], risk_form: str
) -> None:
    from bluelamp.casework.crimes.commands import record_crime
    from bluelamp.casework.crimes.rules import NewCrime
    from tests.casework.scenes import DAMAGE

    other = record_crime(
        actor=bilal, at=now(), crime=NewCrime(offence_code=DAMAGE, summary="A window.")
    ).number
    draft = risk_form.rpartition("/")[2]
    assert ada_desk.get(f"/desk/crimes/{slug(other)}/assess-risk/{draft}").status_code == 404
    start = page_of(ada_desk, f"/desk/crimes/{slug(other)}/assess-risk")
    assert "No victim has been linked to this crime yet" in start
