"""Templates are compiled once for each version of the program, whatever becomes of the folder."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from bluelamp.web import compiled_templates
from bluelamp.web.compiled_templates import find_or_create_cache

PAGES = {"page.jinja": "Hello {{ name }}"}


def make_environment(folder: Path, pages: dict[str, str] = PAGES) -> Environment:
    return Environment(loader=DictLoader(pages), bytecode_cache=find_or_create_cache(folder))


def render(env: Environment) -> str:
    return env.get_template("page.jinja").render(name="Ada")


def test_it_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert render(make_environment(tmp_path / "templates")) == "Hello Ada"
    (folder,) = (tmp_path / "templates").iterdir()
    assert not folder.stat().st_mode & 0o077
    again = make_environment(tmp_path / "templates")
    # The second process compiles nothing.
    monkeypatch.setattr(again, "compile", None)
    assert render(again) == "Hello Ada"


def test_a_changed_template_is_compiled_again(tmp_path: Path) -> None:
    render(make_environment(tmp_path))
    assert render(make_environment(tmp_path, {"page.jinja": "Bye {{ name }}"})) == "Bye Ada"


def test_another_version_starts_afresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = tmp_path / "templates"
    render(make_environment(parent))
    (before,) = parent.iterdir()
    monkeypatch.setattr(compiled_templates, "version", lambda _name: "of tomorrow")
    assert render(make_environment(parent)) == "Hello Ada"
    (after,) = parent.iterdir()
    assert after != before


def test_processes_that_start_together_keep_one_folder(tmp_path: Path) -> None:
    first, second = make_environment(tmp_path), make_environment(tmp_path)
    assert render(first) == render(second) == "Hello Ada"
    assert len(list(tmp_path.rglob("*.cache"))) == 1


def test_pages_are_served_where_nothing_can_be_written(tmp_path: Path) -> None:
    # A file in the place of the folder: root, who runs some tests, may write everywhere else.
    (tmp_path / "file").touch()
    assert find_or_create_cache(tmp_path / "file" / "templates") is None
    assert render(make_environment(tmp_path / "file" / "templates")) == "Hello Ada"
    env = make_environment(tmp_path / "templates")
    (folder,) = (tmp_path / "templates").iterdir()
    folder.rmdir()
    assert render(env) == "Hello Ada"


def test_a_broken_file_is_compiled_again(tmp_path: Path) -> None:
    render(make_environment(tmp_path))
    (file,) = tmp_path.rglob("*.cache")
    file.write_bytes(file.read_bytes()[:-5])
    assert render(make_environment(tmp_path)) == "Hello Ada"
