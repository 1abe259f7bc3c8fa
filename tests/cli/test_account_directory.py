"""`bluelamp account import|token`, on the test's own database."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bluelamp.cli.account_directory import add_verbs
from bluelamp.cli.account_rows import WrongFile, read_rows
from bluelamp.cli.errors import CannotStart
from bluelamp.demo import cast
from bluelamp.foundation.accounts.directory import find_token_client
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.errors import Conflict, Refused
from tests.cast import INSTALLER, account, browser

pytestmark = pytest.mark.django_db
HEADER = "username,name,rank,collar,unit,email,roles,active\n"
IVY = "ivy,Ivy Lund,DC,4412,CID,ivy@example.police.uk,investigator,yes\n"
NIA = 'nia,"Nia O’Dowd",,,,,crime-desk;auditor,\n'


@pytest.fixture(autouse=True)
def _roles() -> None:
    account(cast.ADA)


def run(at: datetime, *arguments: str) -> None:
    parser = argparse.ArgumentParser()
    add_verbs(parser.add_subparsers())
    options = parser.parse_args(arguments)
    options.act(options, INSTALLER, at)


def write(folder: Path, text: str, **options: Any) -> str:
    path = folder / "staff.csv"
    path.write_text(text, **{"encoding": "utf-8"} | options)
    return str(path)


def roles_of(username: str) -> set[str]:
    return set(User.objects.get(username=username).roles.values_list("name", flat=True))


def test_it_works(at: datetime, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, HEADER + IVY + NIA)
    run(at, "import", file)
    assert capsys.readouterr().out == "2 opened, 0 changed, 0 unchanged, 0 shut out, 0 refused\n"
    ivy = User.objects.get(username="ivy")
    assert (ivy.name, ivy.rank, ivy.collar, ivy.unit) == ("Ivy Lund", "DC", "4412", "CID")
    assert roles_of("nia") == {"crime-desk", "auditor"}
    run(at, "import", file)
    assert capsys.readouterr().out == "0 opened, 0 changed, 2 unchanged, 0 shut out, 0 refused\n"


def test_a_mover_and_a_leaver(at: datetime, tmp_path: Path) -> None:
    run(at, "import", write(tmp_path, HEADER + IVY + NIA))
    moved = IVY.replace("CID", "Fraud").replace("investigator", "case-builder")
    run(at, "import", write(tmp_path, HEADER + moved), "--leavers")
    assert User.objects.get(username="ivy").unit == "Fraud"
    assert roles_of("ivy") == {"case-builder"}
    assert not User.objects.get(username="nia").is_active
    assert account(cast.ADA).is_active  # no file ever had her


def test_somebody_marked_as_gone_is_shut_out_at_once(at: datetime, tmp_path: Path) -> None:
    ada = browser(cast.ADA)
    line = f"ada,{cast.ADA.name},,,,,response-officer,no\n"
    run(at, "import", write(tmp_path, HEADER + line))
    assert ada.get("/desk/crimes/").status_code == 302


def test_a_dry_run_changes_nothing(
    at: datetime, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(at, "import", write(tmp_path, HEADER + IVY), "--dry-run")
    assert capsys.readouterr().out.startswith("Nothing was changed. It would be: 1 opened")
    assert not User.objects.filter(username="ivy").exists()


def test_half_a_file_does_not_shut_the_force_out(at: datetime, tmp_path: Path) -> None:
    people = "".join(f"p{number},Person {number},,,,,auditor,\n" for number in range(20))
    run(at, "import", write(tmp_path, HEADER + people))
    half = write(tmp_path, HEADER + people[: len(people) // 2].rpartition("\n")[0] + "\n")
    with pytest.raises(CannotStart, match="add --many if it is right"):
        run(at, "import", half, "--leavers")
    assert User.objects.filter(username__startswith="p", is_active=True).count() == 20
    run(at, "import", half, "--leavers", "--many")
    assert User.objects.filter(username__startswith="p", is_active=False).count() >= 9


def test_refused_rows_are_in_a_file_beside_it_and_take_nothing_with_them(
    at: datetime, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = (
        "cook,A Cook,,,,,chef,\n"
        + IVY
        + f"{'x' * 61},Too Long,,,,,auditor,\nzoe,Zoe,,,,,auditor,maybe\n"
    )
    run(at, "import", write(tmp_path, HEADER + rows))
    assert "1 opened, 0 changed, 0 unchanged, 0 shut out, 3 refused" in capsys.readouterr().out
    lines = (tmp_path / "staff.refused.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["line", "2", "4", "5"]
    assert "Select a role from the list" in lines[1]
    assert set(User.objects.exclude(username="ada").values_list("username", flat=True)) == {"ivy"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_it_reads_what_spreadsheets_write(at: datetime, tmp_path: Path, encoding: str) -> None:
    text = (HEADER + NIA).replace("\n", "\r\n")
    run(at, "import", write(tmp_path, text, encoding=encoding, newline=""))
    assert User.objects.get(username="nia").name == "Nia O’Dowd"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no column 'username'"),
        ("username,name\n", "no column 'roles'"),
        (HEADER.replace("rank", "salary"), "unknown column 'salary'"),
        (HEADER + "ivy,Ivy\n", "line 2 has 2 columns"),
        (HEADER + IVY + IVY, "line 3 has ivy for the second time"),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(WrongFile, match=sentence):
        read_rows(Path(write(tmp_path, text)))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match="cannot be read"):
        read_rows(tmp_path / "nothing.csv")


def test_a_token_works_until_it_is_revoked(
    at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    run(at, "token", "entra")
    token = capsys.readouterr().out.splitlines()[-1]
    assert find_token_client(token=token, at=at) == "entra"
    with pytest.raises(Conflict, match="has a token already"):
        run(at, "token", "entra")
    run(at, "token", "entra", "--revoke")
    assert find_token_client(token=token, at=at) is None
    with pytest.raises(Refused, match="has no token"):
        run(at, "token", "entra", "--revoke")


def test_a_token_ends_after_a_year(at: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    run(at, "token", "entra")
    token = capsys.readouterr().out.splitlines()[-1]
    assert find_token_client(token=token, at=at.replace(year=at.year + 1, day=2)) == "entra"
    assert find_token_client(token=token, at=at.replace(year=at.year + 1, day=4)) is None
