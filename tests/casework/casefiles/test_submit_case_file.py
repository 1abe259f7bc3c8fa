"""Submitting a case file: continuity and the audit record have each view, copy and hand-over."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bluelamp.casework.casefiles.commands import (
    open_document,
    open_package,
    open_preview,
    open_received_document,
    open_received_package,
    open_received_preview,
    request_case_file,
    submit_case_file,
)
from bluelamp.casework.casefiles.lookups import (
    get_case_file,
    get_received_case_file,
    list_received_case_files,
)
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted
from bluelamp.records.evidence.models import Continuity, Item
from tests.casework.scenes import AT, refusal_of

pytestmark = pytest.mark.django_db
RunJobs = Callable[[], int]
LATER = AT + timedelta(hours=2)


def test_it_works(number: str, bilal: Actor, hana: Actor, run_jobs: RunJobs) -> None:
    urn = request_case_file(actor=bilal, at=AT, numbers=[number]).urn
    run_jobs()
    assert submit_case_file(actor=bilal, at=AT, urn=urn).state == "submitted"
    assert [row.urn for row in list_received_case_files(actor=hana, at=LATER).rows] == [urn]
    view = get_received_case_file(actor=hana, at=LATER, urn=urn)
    assert view.version is not None
    (exhibit,) = view.version.case.exhibits
    for _ in range(2):
        with open_received_preview(
            actor=hana, at=LATER, urn=urn, item_id=exhibit.item_id, kind="view"
        ).file as file:
            assert file.read(2) == b"\xff\xd8"
    with open_received_document(actor=hana, at=LATER, urn=urn, name="MG5.pdf").file as file:
        assert file.read(5) == b"%PDF-"
    with open_received_package(actor=hana, at=LATER, urn=urn).file as file:
        assert file.read(2) == b"PK"

    item = Item.objects.get()
    lines = [(row.verb, row.by_name, row.to_text) for row in Continuity.objects.filter(item=item)]
    builder, dc, hers = "case file builder", "DC Bilal Rahman 2087SE", "Hana Novak"
    assert [entry for entry in lines if entry[0] not in ("previewed",)] == [
        ("received", "PC Ada Bello 1234SE", "evidence store"),
        ("sealed", "PC Ada Bello 1234SE", ""),
        ("exhibited", dc, f"exhibit AB/1 in {number}"),
        ("copied", builder, f"case file {urn}"),
        ("handed_over", dc, "Crown Prosecution Service"),
        ("viewed", hers, ""),
        ("copied", hers, hers),
    ]
    assert {"previewed"} == {entry[0] for entry in lines if entry[1] == "preview maker"}
    acts = list(
        AuditEntry.objects.filter(actor_id=hana.id).order_by("id").values_list("act", "ref")
    )
    assert acts == [
        ("casefile.received_listed", ""),
        ("casefile.received_viewed", urn),
        ("casefile.exhibit_received", f"{urn} AB/1"),
        ("casefile.exhibit_received", f"{urn} AB/1"),
        ("casefile.document_received", urn),
        ("casefile.package_received", urn),
    ]


def test_only_once_and_only_when_ready(number: str, bilal: Actor, run_jobs: RunJobs) -> None:
    urn = request_case_file(actor=bilal, at=AT, numbers=[number]).urn
    with pytest.raises(Conflict, match="being built"):
        submit_case_file(actor=bilal, at=AT, urn=urn)
    run_jobs()
    assert set(
        refusal_of(lambda: submit_case_file(actor=bilal, at=AT, urn=urn, prosecutor=" "))
    ) == {"prosecutor"}
    submit_case_file(actor=bilal, at=AT, urn=urn)
    with pytest.raises(Conflict, match="already"):
        submit_case_file(actor=bilal, at=AT, urn=urn)
    assert Continuity.objects.filter(verb="handed_over").count() == 1


def test_the_prosecutor_sees_what_was_sent(
    number: str, bilal: Actor, hana: Actor, run_jobs: RunJobs
) -> None:
    urn = request_case_file(actor=bilal, at=AT, numbers=[number]).urn
    run_jobs()
    submit_case_file(actor=bilal, at=AT, urn=urn)
    request_case_file(actor=bilal, at=LATER, numbers=[number])
    run_jobs()
    newest = get_case_file(actor=bilal, at=LATER, urn=urn).version
    sent = get_received_case_file(actor=hana, at=LATER, urn=urn).version
    assert newest is not None
    assert sent is not None
    assert (newest.number, sent.number) == (2, 1)
    with open_received_package(actor=hana, at=LATER, urn=urn).file:
        pass
    submit_case_file(actor=bilal, at=LATER, urn=urn)
    sent = get_received_case_file(actor=hana, at=LATER, urn=urn).version
    assert sent is not None
    assert sent.number == 2


def test_nothing_before_it_is_sent(
    number: str, bilal: Actor, hana: Actor, run_jobs: RunJobs
) -> None:
    urn = request_case_file(actor=bilal, at=AT, numbers=[number]).urn
    run_jobs()
    item_id = Item.objects.get().id
    for open_it in (
        lambda: get_received_case_file(actor=hana, at=AT, urn=urn),
        lambda: open_received_package(actor=hana, at=AT, urn=urn),
        lambda: open_received_document(actor=hana, at=AT, urn=urn, name="MG5.pdf"),
        lambda: open_received_preview(actor=hana, at=AT, urn=urn, item_id=item_id, kind="view"),
    ):
        with pytest.raises(NotFound):
            open_it()
    assert list_received_case_files(actor=hana, at=AT).total == 0
    assert AuditEntry.objects.filter(actor_id=hana.id, result="not found").count() == 4


def test_staff_and_prosecutor_use_their_own_commands(
    number: str, ada: Actor, bilal: Actor, hana: Actor, femi: Actor, run_jobs: RunJobs
) -> None:
    urn = request_case_file(actor=bilal, at=AT, numbers=[number]).urn
    run_jobs()
    submit_case_file(actor=bilal, at=AT, urn=urn)
    item_id = Item.objects.get().id
    for actor in (ada, bilal, femi):
        with pytest.raises(NotPermitted):
            get_received_case_file(actor=actor, at=AT, urn=urn)
    for actor in (ada, hana):
        with pytest.raises(NotPermitted):
            get_case_file(actor=actor, at=AT, urn=urn)
    with pytest.raises(NotFound):
        open_document(actor=femi, at=AT, urn=urn, name="MG5.pdf")
    for name in ("MG99.pdf", "../case.json", "", "a\x00"):
        with pytest.raises(NotFound):
            open_document(actor=bilal, at=AT, urn=urn, name=name)
    for kind in ("poster", "a\x00"):
        with pytest.raises(NotFound):
            open_preview(actor=bilal, at=AT, urn=urn, item_id=item_id, kind=kind)
    open_preview(actor=bilal, at=AT, urn=urn, item_id=item_id, kind="thumbnail").file.close()
    open_package(actor=bilal, at=AT, urn=urn).file.close()
