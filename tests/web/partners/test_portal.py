"""The prosecutor's pages, from the list to the verified package, and nobody else's."""

import html
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from bluelamp.demo import cast
from bluelamp.foundation.accounts.models import AccountSession
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.merkle_log.checkpoint import VerifierKey
from bluelamp.records.evidence.models import Continuity, Item
from bluelamp.records.evidence.verify import command as verify_command
from bluelamp.records.evidence.verify import verify_package
from bluelamp.records.evidence.verify.pins import fingerprint
from tests.direct_writes import direct_writes

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
        "Jordan Lee O&#39;Neill",
        "without lawful excuse",
        "Westminster",
        "20 March 2026 at 10am",
        "AB/1",
        "Statement of Kofi Asante",
        "Not for the defence",
        "Exhibit reference given",
        f"bluelamp evidence verify {urn}.zip",
        "Download the package",
        Item.objects.get().sha256,
    ):
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
    _check_with_the_published_keys(target, key[1], page, tmp_path)
    verbs = [
        row.verb for row in Continuity.objects.filter(by_name="Hana Novak").order_by("sequence")
    ]
    assert verbs == ["viewed", "copied", "copied"] or sorted(verbs) == [
        "copied",
        "copied",
        "viewed",
    ]


def _check_with_the_published_keys(package: Path, key: str, page: str, folder: Path) -> None:
    """Check the package as the page says: with the force's list, or with its key and root."""
    public = Client()
    (folder / "keys.json").write_bytes(public.get("/keys/keys.json").content)
    (folder / "root.pem").write_bytes(public.get("/keys/time-stamp-roots.pem").content)
    listed = public.get("/keys/").content.decode()
    short = fingerprint(VerifierKey.parse(key))
    assert short in page
    assert short in listed
    assert key in html.unescape(listed)
    assert 'href="/keys/keys.json"' in page
    assert verify_command.main([str(package), "--log-key", str(folder / "keys.json")]) == 0
    pins = ["--log-key", key, "--tsa-root", str(folder / "root.pem")]
    assert verify_command.main([str(package), *pins]) == 0


def test_case_files_can_be_searched(urn: str, visit: Visit) -> None:
    hana = visit(cast.HANA)
    for q, is_there in (
        (urn, True),
        ("o'neill", True),
        ("criminal damage", True),
        ("nobody", False),
    ):
        assert (
            f"/partner/case-files/{urn}/" in hana.get("/partner/", {"q": q}).content.decode()
        ) is is_there, q
    assert "No case files match" in hana.get("/partner/", {"q": "nobody"}).content.decode()
    for page in ("2", "-1", "x", "9" * 30, "²"):
        assert hana.get("/partner/", {"page": page}).status_code == 200


def test_unopened_case_files_can_be_filtered_and_sorted(urn: str, visit: Visit) -> None:
    hana = visit(cast.HANA)
    row = f'href="/partner/case-files/{urn}/"'
    unopened = hana.get("/partner/", {"show": "unopened"}).content.decode()
    assert row in unopened
    assert "Not yet" in unopened
    assert "20 March 2026" in unopened, "the first hearing"
    hana.get(f"/partner/case-files/{urn}/")
    assert (
        "Your organisation has opened every case file"
        in hana.get("/partner/", {"show": "unopened"}).content.decode()
    )
    for sort in ("latest", "oldest", "hearing", "reference", "x", "a\0b"):
        listed = hana.get("/partner/", {"sort": sort, "q": "criminal damage"}).content.decode()
        assert row in listed, sort
        assert "Not yet" not in listed


def test_the_prosecutor_sees_which_colleagues_opened_it_and_nobody_else(
    urn: str, visit: Visit
) -> None:
    hana, address = visit(cast.HANA), f"/partner/case-files/{urn}/"
    visit(cast.BILAL).get(f"/desk/case-files/{urn}/")
    assert "You are the first person in your organisation" in hana.get(address).content.decode()
    for part in ("documents/MG5.pdf", "package"):
        assert b"".join(hana.get(f"{address}{part}").streaming_content)  # type: ignore[attr-defined]
    page = hana.get(address).content.decode()
    accesses = page[page.index('id="accesses"') :]
    for words in (
        "Hana Novak opened the case file",
        "Hana Novak opened MG5.pdf",
        "downloaded the package",
    ):
        assert words in accesses, words
    assert "Bilal" not in accesses
    assert "opened the case file, twice" in hana.get(address).content.decode()


def test_the_commands_on_the_page_work_as_they_are_written(
    urn: str, visit: Visit, tmp_path: Path
) -> None:
    """The commands on the page, run where none of our code is; they find one changed bit."""
    for tool in ("shasum", "unzip", "openssl"):
        if shutil.which(tool) is None:
            pytest.skip(f"NO {tool.upper()}: install it to try the commands that the page gives")
    hana = visit(cast.HANA)
    page = html.unescape(hana.get(f"/partner/case-files/{urn}/").content.decode())
    commands = re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", page, re.DOTALL)
    package = hana.get(f"/partner/case-files/{urn}/package")
    (tmp_path / f"{urn}.zip").write_bytes(b"".join(package.streaming_content))  # type: ignore[attr-defined]
    roots = hana.get("/keys/time-stamp-roots.pem")
    (tmp_path / "time-stamp-roots.pem").write_bytes(roots.content)
    hashing, unpacking, stamp = (commands[at] for at in (1, 2, 3))
    assert commands[0] == f"Get-FileHash {urn}.zip"
    assert stamp.startswith("openssl ts -verify")

    def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=False
        )

    assert run(hashing, tmp_path).stdout.split()[0] == package["Bluelamp-SHA256"]
    unpacked = run(unpacking, tmp_path)
    assert unpacked.returncode == 0, unpacked.stderr
    assert {line.rpartition(": ")[2] for line in unpacked.stdout.splitlines()} == {"OK"}
    stamped = run(stamp, tmp_path / urn)
    assert stamped.returncode == 0, stamped.stderr
    original = next((tmp_path / urn).glob("data/exhibits/*/original/*"))
    changed = bytearray(original.read_bytes())
    changed[7] ^= 1
    original.write_bytes(changed)
    again = run(unpacking.splitlines()[2], tmp_path / urn)
    assert again.returncode != 0
    assert f"{original.relative_to(tmp_path / urn)}: FAILED" in again.stdout


def test_a_list_without_case_files_says_so(visit: Visit) -> None:
    assert (
        "The police have not sent you any case files yet"
        in visit(cast.HANA).get("/partner/").content.decode()
    )


def test_nobody_else_finds_it(urn: str, visit: Visit) -> None:
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
            assert (answer.status_code, answer["Content-Type"]) == (
                status,
                "application/problem+json",
            )
    for query in ("page=0", "page=x", "q=" + "x" * 201):
        assert hana.get(f"/api/v1/case-files?{query}").status_code == 422


def test_the_package_needs_confirmation_by_page_and_by_program(urn: str, visit: Visit) -> None:
    hana = visit(cast.HANA)
    long_ago = now() - timedelta(minutes=11)
    with direct_writes():
        AccountSession.objects.update(confirmed_at=long_ago)
    before = AuditEntry.objects.filter(act="casefile.package_received").count()
    answer = hana.get(f"/api/v1/case-files/{urn}/package")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert "/sign-in/confirm/" in answer.json()["detail"]
    page = hana.get(f"/partner/case-files/{urn}/package")
    assert (page.status_code, page["location"].split("?")[0]) == (302, "/sign-in/confirm/")
    assert AuditEntry.objects.filter(act="casefile.package_received").count() == before
    document = hana.get(f"/partner/case-files/{urn}/documents/MG5.pdf")
    assert (document.status_code, document["location"].split("?")[0]) == (
        302,
        "/sign-in/confirm/",
    )
