"""Dates and times as people type them."""

import contextlib
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.foundation.kernel.errors import Refused
from bluelamp.web.asking import read_date, read_time


def typed(day: str, month: str, year: str, clock: str = "") -> dict[str, str]:
    return {"on_day": day, "on_month": month, "on_year": year, "on_time": clock}


def test_it_works() -> None:
    assert read_date(typed("3", "7", "2026"), field="on") == date(2026, 7, 3)
    assert read_time("2:30pm", field="on_time") == time(14, 30)


@pytest.mark.parametrize(
    ("parts", "on"),
    [
        (typed("27", "3", "2026"), date(2026, 3, 27)),
        (typed(" 27 ", "March", "26"), date(2026, 3, 27)),
        (typed("29", "feb", "2024"), date(2024, 2, 29)),
        (typed("", "", ""), None),
    ],
)
def test_dates(parts: dict[str, str], on: date | None) -> None:
    assert read_date(parts, field="on") == on


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (typed("30", "2", "2026"), "There is no such day"),
        (typed("3", "", "2026"), "Add the month to the date."),
        (typed("x", "1", "2026"), "There is no such day"),
        (typed("1", "1", "9" * 5000), "There is no such day"),
        (typed("٣", "1", "99999"), "There is no such day"),
    ],
)
def test_no_such_date(parts: dict[str, str], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        read_date(parts, field="on")
    assert refused.value.field == "on"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2:30pm", time(14, 30)), ("14:30", time(14, 30)), ("2.30 PM", time(14, 30)), ("1430", time(14, 30)),
        ("9am", time(9)), ("12am", time(0)), ("12:05 p.m.", time(12, 5)), ("midnight", time(0)),
        ("noon", time(12)), ("9", time(9)), ("", None),
    ],
)  # fmt: skip
def test_times(text: str, at: time | None) -> None:
    assert read_time(text, field="on_time") == at


@pytest.mark.parametrize("text", ["25:00", "12:60", "13pm", "about tea time", "2:3", "0pm"])
def test_no_such_time(text: str) -> None:
    with pytest.raises(Refused):
        read_time(text, field="on_time")


@given(
    st.dictionaries(
        st.sampled_from(["on_day", "on_month", "on_year", "on_time"]), st.text(max_size=20)
    )
)
def test_anything_typed_is_read_or_refused(values: dict[str, Any]) -> None:
    with contextlib.suppress(Refused):
        read_date(values, field="on")
    with contextlib.suppress(Refused):
        read_time(values.get("on_time", ""), field="on_time")
