"""One good package for the tests of this folder; each takes its own copy."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sandbox's time-stamping authority."""
    return tmp_path_factory.mktemp("tsa")


@pytest.fixture(scope="session")
def good_package(tmp_path_factory: pytest.TempPathFactory, tsa: Path) -> Path:
    """A good package, to be read only."""
    from tests.records.evidence.packages import make_package  # Django must be set up first

    return make_package(tmp_path_factory.mktemp("packages") / "01-0000001-26", tsa=tsa)


@pytest.fixture
def package(good_package: Path, tmp_path: Path) -> Path:
    """A copy to be changed."""
    return Path(shutil.copytree(good_package, tmp_path / good_package.name))
