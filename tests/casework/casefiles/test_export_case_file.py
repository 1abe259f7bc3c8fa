import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from bluelamp.casework.casefiles.commands import (
    export_case_file,
    exporting,
    request_case_file,
)
from bluelamp.casework.casefiles.models import CaseFile, CaseFileVersion
from bluelamp.casework.crimes.commands import link_crimes
from bluelamp.casework.investigations.commands import name_suspect, record_charge
from bluelamp.casework.investigations.rules import NewCharge
from bluelamp.cli import casefile
from bluelamp.cli.console import system_user_name
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.terminal import command_line
from bluelamp.records.evidence.models import Continuity
from bluelamp.records.evidence.verify import command, verify_package
from bluelamp.records.people.rules import PersonInput
from tests.casework.casefiles.recorded_case import record_crime_with_photos
from tests.casework.scenes import AT, DAMAGE, refusal_of
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db
CONSOLE = Actor.system("console", force="01", permissions={"casefile.build", "casefile.view"})


def test_it_works(number: str, ada: Actor, bilal: Actor, tmp_path: Path) -> None:
    other = record_crime_with_photos(ada, photos=0)
    link_crimes(actor=bilal, at=AT, numbers=[number, other], reason="Same street and night")
    folder = export_case_file(actor=CONSOLE, at=AT, ref=number, to=tmp_path / "out")
    assert folder == tmp_path / "out"
    checks = list(verify_package(folder))
    assert [str(check) for check in checks if not check.passed] == []
    assert (folder / "data" / "exhibits" / "AB-1" / "original" / "IMG_0001.jpg").is_file()
    assert other.encode() in (folder / "data" / "case.json").read_bytes()
    assert list(Continuity.objects.filter(verb="copied").values_list("by_name", flat=True)) == [
        "case file builder",
        "console",
    ]
    assert [path.name for path in folder.parent.iterdir()] == ["out"]


def test_a_ready_package_goes_out_as_it_is(
    number: str, bilal: Actor, tmp_path: Path, run_jobs: Callable[[], int]
) -> None:
    urn = request_case_file(actor=bilal, at=AT, numbers=[number]).urn
    run_jobs()
    for place, ref in (("a", number), ("b", urn), ("c", urn.lower())):
        export_case_file(actor=CONSOLE, at=AT, ref=ref, to=tmp_path / place)
    assert CaseFileVersion.objects.count() == 1
    again = export_case_file(actor=CONSOLE, at=AT, ref=urn, to=tmp_path / "a")
    assert again == tmp_path / "a" / urn, "a folder with other things in it keeps them"
    errors = refusal_of(lambda: export_case_file(actor=CONSOLE, at=AT, ref=urn, to=tmp_path / "a"))
    assert "already exists" in errors["to"]
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    errors = refusal_of(lambda: export_case_file(actor=CONSOLE, at=AT, ref=urn, to=blocked))
    assert "already exists" in errors["to"]


def test_what_is_not_there(number: str, tmp_path: Path) -> None:
    for ref in ("01/9999999/26", "01ZD9999926"):
        with pytest.raises(NotFound):
            export_case_file(actor=CONSOLE, at=AT, ref=ref, to=tmp_path)
    assert set(
        refusal_of(lambda: export_case_file(actor=CONSOLE, at=AT, ref="a case", to=tmp_path))
    ) == {"ref"}


def test_the_cli_verb(
    number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casefile, "prepare", lambda: None)
    assert casefile.main(["export", number, "--to", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{tmp_path}\n"
    looked_for = AuditEntry.objects.filter(act="casefile.looked_for").earliest("pk")
    assert looked_for.actor_name == f"console ({system_user_name()})"
    assert command.main([str(tmp_path)]) == 3, "nobody known has signed it"
    assert capsys.readouterr().out.splitlines()[-1].endswith(" 0 failed")
    for ref in ("01/9999999/26", "01ZD9999926", "nonsense", ""):
        assert casefile.main(["export", ref, "--to", str(tmp_path)]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    "place", ["file", "file/under", "dangling", "/proc/nowhere/out", "x" * 300]
)
def test_a_place_that_cannot_be_written_asks_for_nothing(
    number: str, tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "dangling").symlink_to(tmp_path / "gone")
    errors = refusal_of(
        lambda: export_case_file(actor=CONSOLE, at=AT, ref=number, to=tmp_path / place)
    )
    assert set(errors) == {"to"}
    assert not CaseFile.objects.exists()
    assert {path.name for path in tmp_path.iterdir()} == {"file", "dangling"}


def test_a_wrong_reference_leaves_no_folder_behind(number: str, tmp_path: Path) -> None:
    for ref in ("01/9999999/26", "a case"):
        with pytest.raises((NotFound, Refused)):
            export_case_file(actor=CONSOLE, at=AT, ref=ref, to=tmp_path / "new" / "deep")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_filled_and_not_replaced(number: str, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    before = (tmp_path / "disk").stat().st_ino
    progress: list[str] = []
    export_case_file(
        actor=CONSOLE, at=AT, ref=number, to=tmp_path / "disk", on_progress=progress.append
    )
    assert (tmp_path / "disk").stat().st_ino == before
    assert all(check.passed for check in verify_package(tmp_path / "disk"))
    assert progress == [
        "Making the documents",
        "Sealing the package",
        "Checking the package",
    ]


def test_it_says_why_there_is_no_message_to_the_court(
    number: str, ada: Actor, bilal: Actor, tmp_path: Path
) -> None:
    person_without_address = PersonInput(given_name="Sam", family_name="Reid")
    suspect = name_suspect(actor=bilal, at=AT, number=number, details=person_without_address)
    charge = NewCharge(
        suspect_person_id=suspect,
        offence_code=DAMAGE,
        wording="Damaged a car.",
        charged_on=AT.date(),
        court_ou_code="B01IX00",
        hearing_on=AT.date(),
    )
    record_charge(actor=bilal, at=AT, number=number, charge=charge)
    progress: list[str] = []
    folder = export_case_file(
        actor=CONSOLE, at=AT, ref=number, to=tmp_path / "out", on_progress=progress.append
    )
    assert not (folder / "data" / "messages").exists()
    assert progress[-1].startswith(
        "There is no message to the court (NewCase.xml). It needs: The address of Sam Reid"
    )


@pytest.mark.parametrize("place", ["new", "disk"])
def test_interrupted_it_leaves_nothing(
    number: str, tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At whatever file or folder it is stopped, there is no half package under the final name."""
    (tmp_path / "disk").mkdir()
    export_case_file(actor=CONSOLE, at=AT, ref=number, to=tmp_path / "whole")
    rename, left = Path.rename, [0]

    def rename_or_stop(path: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt
        return rename(path, target)

    # Into an empty folder: the package's own name, then each of its eight entries.
    for stop_at in range(1, 10 if place == "disk" else 2):
        left[0] = stop_at
        with monkeypatch.context() as patched:
            patched.setattr(Path, "rename", rename_or_stop)
            with pytest.raises(KeyboardInterrupt):
                export_case_file(actor=CONSOLE, at=AT, ref=number, to=tmp_path / place)
        assert {path.name for path in tmp_path.iterdir()} == {"whole", "disk"}
        assert list((tmp_path / "disk").iterdir()) == []
    export_case_file(actor=CONSOLE, at=AT, ref=number, to=tmp_path / place)
    assert all(check.passed for check in verify_package(tmp_path / place))


def test_what_a_killed_export_left_is_removed_by_the_next(number: str, tmp_path: Path) -> None:
    whole = export_case_file(actor=CONSOLE, at=AT, ref=number, to=tmp_path / "whole")
    # Killed while it wrote: a temporary folder, under no name that anybody would open.
    (tmp_path / ".new.part" / "data").mkdir(parents=True)
    (tmp_path / ".new.part" / "data" / "half").write_text("half")
    export_case_file(actor=CONSOLE, at=AT, ref=number, to=tmp_path / "new")
    # Killed while it moved a whole package into an empty folder, after three entries of eight.
    disk = tmp_path / "disk"
    shutil.copytree(whole, disk / ".disk.moving")
    for name in ("data", "seal", "bag-info.txt"):
        (disk / ".disk.moving" / name).rename(disk / name)
    assert export_case_file(actor=CONSOLE, at=AT, ref=number, to=disk) == disk
    for place in (tmp_path / "new", disk):
        assert all(check.passed for check in verify_package(place))
    assert {path.name for path in tmp_path.iterdir()} == {"whole", "new", "disk"}


def test_a_case_file_that_is_there_takes_no_further_crimes(
    number: str, ada: Actor, bilal: Actor, tmp_path: Path
) -> None:
    """A linked crime that was added since goes into no file by itself."""
    export_case_file(actor=CONSOLE, at=AT, ref=number, to=tmp_path / "one")
    other = record_crime_with_photos(ada, photos=0)
    link_crimes(actor=bilal, at=AT, numbers=[number, other], reason="Same street and night")
    CaseFile.objects.get()
    with direct_writes():
        CaseFile.objects.update(state="failed", problem="The authority did not answer")
    folder = export_case_file(actor=CONSOLE, at=AT, ref=number, to=tmp_path / "two")
    assert other.encode() not in (folder / "data" / "case.json").read_bytes()


def test_the_cli_verb_shows_how_far_it_is(
    number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casefile, "prepare", lambda: None)
    monkeypatch.setattr(command_line, "_LINE_INTERVAL", 0.0)
    assert casefile.main(["export", number, "--to", str(tmp_path)]) == 0
    lines = capsys.readouterr().err.splitlines()
    for step in ("making the documents", "sealing the package", "checking the package"):
        assert f"… {step}" in lines
    for step in ("Sealing the package", "Checking the package", "Writing the package"):
        assert any(line.startswith(f"… {step}: ") and line.endswith("%") for line in lines), step


def test_the_cli_verb_says_that_it_was_stopped(
    number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casefile, "prepare", lambda: None)
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(exporting, "_unpack", lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    with pytest.raises(SystemExit) as stop:
        casefile.main(["export", number, "--to", str(tmp_path / "out")])
    assert stop.value.code == 128 + signal.SIGTERM
    assert capsys.readouterr().err.splitlines()[-1] == (
        f"Stopped. Nothing was written to {tmp_path / 'out'}."
    )
    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) == before
