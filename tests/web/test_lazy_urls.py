"""What few servers need is imported at its first request, and no address is lost by it."""

import subprocess
import sys
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, resolve, reverse

IMPORTED_AT_START = """
import django
django.setup()
from django.urls import resolve, reverse
reverse("report")
resolve("/report/")
from bluelamp.cli.node_checks import run_start_checks
run_start_checks()
import sys
print("scim2_models" in sys.modules)
resolve("/scim/v2/Users")
print("scim2_models" in sys.modules)
"""


def test_it_works() -> None:
    """In a process of its own: others here have imported everything."""
    output = subprocess.run(
        [sys.executable, "-c", IMPORTED_AT_START],
        env={"DJANGO_SETTINGS_MODULE": "bluelamp.settings", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert output.split() == ["False", "True"]


@pytest.mark.django_db
def test_the_addresses_are_there() -> None:
    assert resolve("/scim/v2/Users").route == "scim/v2/Users"
    assert Client().get("/scim/v2/Users").status_code == 401


def test_all_checks_pass() -> None:
    """Those of the addresses too, which no server runs as it starts."""
    assert [message for message in run_checks() if message.is_serious()] == []


def test_nothing_in_it_has_a_name() -> None:
    """A name would not be found."""
    patterns: list[Any] = get_resolver().url_patterns
    [lazy] = [pattern for pattern in patterns if str(pattern.pattern) == "scim/v2/"]
    assert {pattern.name for pattern in lazy.url_patterns} == {None}
    assert reverse("report")
    with pytest.raises(NoReverseMatch):
        reverse("scim-users")
