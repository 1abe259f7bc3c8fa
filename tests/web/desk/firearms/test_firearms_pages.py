"""The pages of the licensing team, and the public check of a certificate."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bluelamp.demo import cast
from bluelamp.foundation.kernel.database.write_guard import allow_all_writes
from bluelamp.services.firearms import commands
from bluelamp.services.firearms.lookups import get_application
from bluelamp.services.firearms.models import Certificate, Referee
from bluelamp.services.firearms.rules.applications import ApplicationInput
from tests.cast import browser
from tests.services.firearms import licensing
from tests.services.firearms.licensing import AT, check, get, receive, recommend

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _authority(reference: None) -> None:
    licensing.give_authority()


def page_of(reference: str) -> str:
    """Return the address of an application's page."""
    return reverse("desk-firearms-application", kwargs={"reference": reference})


def post(client: Client, reference: str, verb: str, **data: object) -> int:
    """Do one thing with an application, and return the status."""
    url = reverse("desk-firearms-act", kwargs={"reference": reference, "verb": verb})
    return client.post(url, data).status_code


def test_it_works(run_jobs: Callable[[], int]) -> None:
    """From the queue to the certificate, each step on its page, by two people."""
    reference = receive()
    ike, nell = browser(cast.IKE), browser(cast.NELL)
    assert reference in ike.get("/desk/firearms/").content.decode()
    assert post(ike, reference, "take-on") == 302
    application = get(reference)
    for row in application.checks.all():
        data = {"kind": row.kind, "result": "satisfactory", "evidence": "S 1", "reason": "Clear"}
        assert post(ike, reference, "check", **data) == 302
    data = {"decision": "grant", "risk": "low", "factors": "Steady", "conclusion": "No danger"}
    assert post(ike, reference, "recommend", **data) == 302
    assert "Your decision" not in ike.get(page_of(reference)).content.decode()
    page = nell.get(page_of(reference)).content.decode()
    assert "Your decision" in page
    assert post(nell, reference, "decide", decision="grant", reasons="I agree") == 302
    assert post(nell, reference, "issue") == 302
    run_jobs()
    certificate = Certificate.objects.order_by("id").first()
    assert certificate is not None
    url = reverse("desk-firearms-certificate", kwargs={"number": certificate.number})
    page = ike.get(url).content.decode()
    assert "AB-1234" in page
    assert "within 7 days" in page
    pdf = ike.get(reverse("desk-firearms-pdf", kwargs={"number": certificate.number}))
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]


def test_the_queue_narrows_and_sorts() -> None:
    """By stage, risk, owner, name and reference."""
    first, second = receive(), receive(certificates="shotgun")
    check(first)
    recommend(first, risk="high")
    ike = browser(cast.IKE)

    def shows(query: str) -> set[str]:
        page = ike.get(f"/desk/firearms/?{query}").content.decode()
        return {reference for reference in (first, second) if reference in page}

    assert shows("") == {first, second}
    assert shows("stage=recommended") == {first}
    assert shows("risk=high") == {first}
    assert shows("own=yes") == {first}
    assert shows("q=holloway") == {first, second}
    assert shows(f"q={second}") == {second}
    assert shows("q=%25") == set()
    assert shows("order=newest&kind=renewal") == set()


def test_what_is_missing_is_said() -> None:
    """The form comes back with what is wrong, and what was typed."""
    reference = receive()
    ike = browser(cast.IKE)
    post(ike, reference, "take-on")
    url = reverse("desk-firearms-act", kwargs={"reference": reference, "verb": "check"})
    answer = ike.post(url, {"kind": "identity", "result": "satisfactory", "evidence": "Passport 9"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Enter why this is the result" in page
    assert "Passport 9" in page


def test_without_authority_the_page_says_so() -> None:
    """A manager beyond their limit learns why, and nothing is decided."""
    reference = receive()
    check(reference)
    recommend(reference)
    nell = browser(cast.NELL)
    from bluelamp.foundation.kernel.actor import Actor
    from bluelamp.services.firearms.commands import end_authority
    from bluelamp.services.firearms.models import AuthorityEntry

    giver = Actor.system("staff", force="01", permissions={"firearms.authority"})
    for row in AuthorityEntry.objects.all():
        end_authority(actor=giver, at=AT, authority_id=row.id)
    url = reverse("desk-firearms-act", kwargs={"reference": reference, "verb": "decide"})
    answer = nell.post(url, {"decision": "grant", "reasons": "I agree"})
    assert answer.status_code == 403
    assert "authority table" in answer.content.decode()
    assert get(reference).stage == "recommended"


def test_what_a_doctor_said_is_for_few() -> None:
    """Only with its own permission; the result of the check is for all of the team."""
    reference = receive()
    check(reference, medical="concern")
    row = get(reference).checks.get(kind="medical")
    commands.record_check(
        actor=licensing.ike(),
        at=AT + timedelta(days=2),
        reference=reference,
        kind=row.kind,
        result="concern",
        evidence="Report of 3 March",
        reason="Depression in 2024",
    )
    for actor in (licensing.ike(), licensing.nell()):
        for may_read in (True, False):
            permissions = actor.permissions - {"firearms.read_medical"}
            permissions |= {"firearms.read_medical"} if may_read else frozenset()
            detail = get_application(
                actor=replace(actor, permissions=permissions),
                at=AT + timedelta(days=2),
                reference=reference,
            )
            medical = next(item for item in detail.checks if item.kind == "medical")
            assert medical.state == "concern"
            assert ("Depression" in medical.entries[0].reason) is may_read
            assert bool(medical.entries[0].evidence) is may_read


def test_a_referee_who_has_not_replied_is_listed() -> None:
    """The page says who is still awaited."""
    application = get(receive())
    with allow_all_writes():
        Referee.objects.create(
            application=application, position=1, person=application.applicant, name="Tola Adeyemi"
        )
    page = browser(cast.IKE).get(page_of(application.reference)).content.decode()
    assert "Tola Adeyemi" in page
    assert "Has not replied yet" in page


def test_an_unknown_verb_is_not_found() -> None:
    """What is not on the page cannot be done by its address."""
    assert post(browser(cast.NELL), receive(), "approve") == 404


def test_others_get_a_404() -> None:
    """A response officer, and an officer of another force."""
    reference = receive()
    assert browser(cast.ADA).get("/desk/firearms/").status_code in (403, 404)
    assert browser(cast.FEMI).get(page_of(reference)).status_code in (403, 404)


def test_revoke_and_appeal_on_the_page() -> None:
    """A revocation, its notice, an appeal and its result, from the certificate's page."""
    _, (number,) = licensing.grant(certificates="firearm")
    nell = browser(cast.NELL)
    url = reverse("desk-firearms-end", kwargs={"number": number, "verb": "revoke"})
    assert nell.post(url, {"decision": "revoke", "risk": "high"}).status_code == 422
    ungraded = {"decision": "revoke", "reasons": "Threats", "grounds": "30a-danger"}
    assert "Select how high the risk is" in nell.post(url, ungraded).content.decode()
    data = {"decision": "revoke", "risk": "high", "reasons": "Threats", "grounds": "30a-danger"}
    assert nell.post(url, data).status_code == 302
    decision = Certificate.objects.get(number=number).decisions.get()

    def record(verb: str, **fields: str) -> int:
        address = reverse(
            "desk-firearms-decision", kwargs={"decision_id": decision.id, "verb": verb}
        )
        return nell.post(address, {"number": number, **fields}).status_code

    today = decision.decided_at.date().isoformat()
    assert record("receipt", received_on=today) == 422
    assert record("receipt", received_on=today, proof="RM 1") == 302
    assert record("appeal", lodged_on=today, court="Inner London Crown Court") == 302
    assert record("appeal-result", appeal_ended_on=today, result="dismissed") == 302
    notice = nell.get(
        reverse("desk-firearms-notice", kwargs={"decision_id": decision.id})
    ).content.decode()
    assert "s.30A(2)(b)" in notice
    assert "within 21 days" in notice
    page = nell.get(
        reverse("desk-firearms-certificate", kwargs={"number": number})
    ).content.decode()
    assert "Dismissed" in page
    assert "Last day to appeal" in page


def test_another_person_confirms_an_allowed_appeal() -> None:
    """Who recorded the result has no button, and may not post either."""
    _, (number,) = licensing.grant(certificates="shotgun")
    nell, ike = browser(cast.NELL), browser(cast.IKE)
    url = reverse("desk-firearms-end", kwargs={"number": number, "verb": "revoke"})
    data = {"decision": "revoke", "risk": "high", "reasons": "Threats", "grounds": "30c-danger"}
    nell.post(url, data)
    decision = Certificate.objects.get(number=number).decisions.get()
    today = decision.decided_at.date().isoformat()

    def address(verb: str) -> str:
        return reverse("desk-firearms-decision", kwargs={"decision_id": decision.id, "verb": verb})

    sent = {"number": number, "lodged_on": today, "appeal_ended_on": today, "court": "Crown Court"}
    assert nell.post(address("appeal"), sent).status_code == 302
    assert nell.post(address("appeal-result"), {**sent, "result": "allowed"}).status_code == 302
    page = reverse("desk-firearms-certificate", kwargs={"number": number})
    assert address("appeal-confirm") not in nell.get(page).content.decode()
    assert nell.post(address("appeal-confirm"), sent).status_code == 403
    assert Certificate.objects.get(number=number).state == "revoked"
    assert address("appeal-confirm") in ike.get(page).content.decode()
    assert ike.post(address("appeal-confirm"), {}).status_code == 404
    assert ike.post(address("appeal-confirm"), sent).status_code == 302
    assert Certificate.objects.get(number=number).state == "in-force"


def test_anyone_can_check_a_code() -> None:
    """Valid or not, and nothing else: no name, no number, no gun."""
    _, (number,) = licensing.grant(certificates="shotgun")
    certificate = Certificate.objects.get(number=number)
    url = reverse("check-certificate", kwargs={"code": certificate.public_code})
    answer = Client().get(url)
    page = answer.content.decode()
    assert "Valid" in page
    assert not any(text in page for text in ("Grace", "Holloway", number, "Beretta", "hotgun"))
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    # An officer at the door scans it on the phone on which they are signed in.
    assert "Valid" in browser(cast.ADA).get(url).content.decode()
    wrong = Client().get(reverse("check-certificate", kwargs={"code": "x" * 27}))
    assert wrong.status_code == 200
    assert "Not valid" in wrong.content.decode()


def test_codes_cannot_be_tried_in_bulk() -> None:
    """The 121st try in an hour from one address is refused."""
    client = Client(REMOTE_ADDR="192.0.2.9")
    url = reverse("check-certificate", kwargs={"code": "x" * 27})
    for _number in range(120):
        assert client.get(url).status_code == 200
    assert client.get(url).status_code == 429


def test_the_notice_of_a_refusal_is_posted() -> None:
    """From the notice of an application, whose page then says so."""
    reference = receive()
    check(reference)
    recommend(reference, decision="refuse", grounds=("27-danger",))
    licensing.decide(reference, decision="refuse", grounds=("27-danger",))
    decision = get(reference).decisions.get()
    url = reverse("desk-firearms-decision", kwargs={"decision_id": decision.id, "verb": "post"})
    nell = browser(cast.NELL)
    answer = nell.post(url, {"application": reference})
    assert answer.status_code == 302
    assert "The notice goes by first class post" in nell.get(answer["location"]).content.decode()


def test_what_is_missing_is_listed() -> None:
    """Before somebody says that everything is here."""
    details = {
        "kind": "grant",
        "certificates": "shotgun",
        "applicant": licensing.GRACE,
        "question_set": "form-201",
        "question_set_version": 1,
    }
    reference = commands.receive_application(
        actor=licensing.ike(), at=AT, application=ApplicationInput(**details)
    )
    page = browser(cast.IKE).get(page_of(reference)).content.decode()
    assert "Not here yet" in page
    for text in ("Replies of two referees", "The doctor’s report", "A photo"):
        assert text in page


def test_the_notice_of_an_earlier_decision_is_recorded_too() -> None:
    """Revoked in part and later wholly: both notices were served, and both can be appealed."""
    _, (number,) = licensing.grant(certificates="firearm")
    certificate = Certificate.objects.get(number=number)
    nell = browser(cast.NELL)
    url = reverse("desk-firearms-end", kwargs={"number": number, "verb": "revoke"})
    gun = str(certificate.guns.earliest("id").id)
    data = {"risk": "high", "reasons": "Threats"}
    part = {"decision": "partial-revoke", "grounds": "30b-no-reason", "gun_ids": gun}
    assert nell.post(url, {**data, **part}).status_code == 302
    whole = {"decision": "revoke", "grounds": "30a-danger"}
    assert nell.post(url, {**data, **whole}).status_code == 302
    decision = certificate.decisions.earliest("decided_at")
    receipt = reverse(
        "desk-firearms-decision", kwargs={"decision_id": decision.id, "verb": "receipt"}
    )
    page = reverse("desk-firearms-certificate", kwargs={"number": number})
    latest = nell.get(page).content.decode()
    assert receipt not in latest
    assert f"?decision={decision.id}" in latest
    assert receipt in nell.get(f"{page}?decision={decision.id}").content.decode()
    answer = nell.post(receipt, {"number": number})
    assert answer.status_code == 422
    assert receipt in answer.content.decode()


def test_a_variation_names_no_kind_of_certificate() -> None:
    """Form 201V asks for none: it varies a firearm certificate, which follows the one before."""
    _, (number,) = licensing.grant(certificates="firearm")
    reference = receive(
        kind="variation", certificates="", at=AT + timedelta(days=9), exemption="earlier-system"
    )
    ike, nell = browser(cast.IKE), browser(cast.NELL)
    assert ike.get(page_of(reference)).status_code == 200
    check(reference, at=AT + timedelta(days=9))
    recommend(reference, at=AT + timedelta(days=9))
    assert post(nell, reference, "decide", decision="grant", reasons="I agree") == 302
    assert post(nell, reference, "issue") == 302
    assert Certificate.objects.get(replaces__number=number).kind == "firearm"
