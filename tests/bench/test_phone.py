"""Which targets of the phone are missed."""

from typing import Any

from bench import phone


def _figures(**changes: Any) -> dict[str, Any]:
    return {
        "keys": {"200 waiting": {"p95_ms": changes.get("key", 50.0)}},
        "start": {"median_s": changes.get("start", 1.5)},
        "shift": {"seconds": changes.get("shift", 15.0)},
        "shell": {"bytes": changes.get("shell", 150_000)},
    }


def test_it_works() -> None:
    assert phone.missed(_figures()) == []


def test_each_target_is_missed_by_itself() -> None:
    for name, value, target in (
        ("key", 50.1, "key_p95_ms"),
        ("start", 1.51, "start_s"),
        ("shift", 15.1, "shift_s"),
        ("shell", 150_001, "shell_bytes"),
    ):
        assert phone.missed(_figures(**{name: value})) == [target]


def test_a_slow_key_in_twenty_is_seen() -> None:
    assert phone.p95([10.0] * 90 + [90.0] * 10) == 90.0
