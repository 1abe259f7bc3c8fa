"""The prosecutor's pages, from the list to the verified package; and nobody else's."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.records.evidence.models import Continuity, Item
from bluelamp.records.evidence.verify import verify_package

pytestmark = pytest.mark.django_db
Visit = Callable[[cast.Player], Client]


def test_it_works(urn: str, visit: Visit, tmp_path: Path) -> None:
    hana = visit(cast.HANA)
    listed = hana.get("/partner/")
    assert listed.status_code == 200
    assert f'href="/partner/case-files/{urn}/"' in listed.content.decode()
    answer = hana.get(f"/partner/case-files/{urn}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    for words in (
        "Jordan Lee O&#39;Neill", "without lawful excuse", "Westminster", "20 March 2026 at 10am", "AB/1",
        "Statement of Kofi Asante", "Not for the defence", "Given its exhibit reference",
        f"bluelamp evidence verify {urn}.zip", "Download the package", Item.objects.get().sha256,
    ):  # fmt: skip
        assert words in page, words
    for href in sorted(set(re.findall(r'(?:href|src)="(/partner/[^"#]*)"', page))):
        found = hana.get(href)
        assert found.status_code == 200, href
        content = b"".join(found.streaming_content) if found.streaming else found.content  # type: ignore[attr-defined]
        assert len(content) == int(found.get("Content-Length", len(content)))
        if "/documents/" in href:
            assert (found["Content-Type"], content[:5]) == ("application/pdf", b"%PDF-")
    package = hana.get(f"/partner/case-files/{urn}/package")
    assert package["Content-Disposition"] == f'attachment; filename="{urn}.zip"'
    target = tmp_path / f"{urn}.zip"
    target.write_bytes(b"".join(package.streaming_content))  # type: ignore[attr-defined]
    checks = list(verify_package(target))
    assert checks
    assert [str(check) for check in checks if not check.passed] == []
    key = re.search(r"--log-key '([^']+)'", page)
    assert key is not None
    verbs = [row.verb for row in Continuity.objects.filter(by_name="Hana Novak").order_by("sequence")]
    assert verbs == ["viewed", "copied", "copied"] or sorted(verbs) == ["copied", "copied", "viewed"]


def test_searching_and_the_empty_state(urn: str, visit: Visit) -> None:
    hana = visit(cast.HANA)
    for q, is_there in ((urn, True), ("o'neill", True), ("criminal damage", True), ("nobody", False)):
        assert (
            f"/partner/case-files/{urn}/" in hana.get("/partner/", {"q": q}).content.decode()
        ) is is_there, q
    assert "No case file matches" in hana.get("/partner/", {"q": "nobody"}).content.decode()
    for page in ("2", "-1", "x", "9" * 30, "²"):
        assert hana.get("/partner/", {"page": page}).status_code == 200


def test_nothing_sent_yet(visit: Visit) -> None:
    assert "Nothing has been sent to you yet" in visit(cast.HANA).get("/partner/").content.decode()


def test_for_others_it_is_not_there(urn: str, visit: Visit) -> None:
    item = Item.objects.get().id
    paths = (
        "/partner/",
        f"/partner/case-files/{urn}/",
        f"/partner/case-files/{urn}/package",
        f"/partner/case-files/{urn}/documents/MG5.pdf",
        f"/partner/case-files/{urn}/exhibits/{item}/view",
    )
    for player in (cast.FEMI, cast.BILAL, cast.IKE):
        client = visit(player)
        for path in paths:
            assert client.get(path).status_code == 404, (player.name, path)
        refused = AuditEntry.objects.filter(actor_name__contains=player.name).exclude(result="done")
        assert refused.count() == len(paths)
    for path in paths:
        assert Client().get(path).status_code == 302
    hana = visit(cast.HANA)
    for path in (
        "/partner/case-files/01ZD9999926/",
        "/partner/case-files/a%00b/",
        f"/partner/case-files/{urn}/documents/..%2Fcase.json",
        f"/partner/case-files/{urn}/documents/MG99.pdf",
        f"/partner/case-files/{urn}/exhibits/{item}/original",
    ):
        assert hana.get(path).status_code == 404, path
    assert hana.post(f"/partner/case-files/{urn}/package").status_code == 405


def test_the_api_for_the_prosecutor(urn: str, visit: Visit) -> None:
    hana = visit(cast.HANA)
    listed = hana.get("/api/v1/case-files").json()
    assert [line["urn"] for line in listed["case_files"]] == [urn]
    body = hana.get(f"/api/v1/case-files/{urn}").json()
    assert body["charges"][0]["offence_code"] == "CD71039"
    assert body["exhibits"][0]["sha256"] == Item.objects.get().sha256
    package = hana.get(body["package"]["href"])
    assert package["Bluelamp-SHA256"] == body["package"]["sha256"]
    assert len(b"".join(package.streaming_content)) == body["package"]["size"]  # type: ignore[attr-defined]
    for client, status in ((Client(), 401), (visit(cast.FEMI), 404), (visit(cast.BILAL), 404)):
        for path in ("", f"/{urn}", f"/{urn}/package"):
            answer = client.get(f"/api/v1/case-files{path}")
            assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    for query in ("page=0", "page=x", "q=" + "x" * 201):
        assert hana.get(f"/api/v1/case-files?{query}").status_code == 422
