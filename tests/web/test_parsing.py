"""The dates and times of a form."""

import contextlib
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.foundation.kernel.errors import Refused
from bluelamp.web.parsing import parse_date_field, parse_time_field


def form(day: str, month: str, year: str, time_of_day: str = "") -> dict[str, str]:
    return {"on_day": day, "on_month": month, "on_year": year, "on_time": time_of_day}


def test_it_works() -> None:
    assert parse_date_field(form("3", "7", "2026"), field="on") == date(2026, 7, 3)
    assert parse_time_field("2:30pm", field="on_time") == time(14, 30)


def test_empty_fields() -> None:
    assert parse_date_field(form("", " ", ""), field="on") is None
    assert parse_time_field("  ", field="on_time") is None


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (form("30", "2", "2026"), "Date of charge must be a real date"),
        (form("3", "", "2026"), "Date of charge must include a month"),
        (form("", "3", ""), "Date of charge must include a day and year"),
        (form("x", "1", "2026"), "Date of charge must be a real date"),
        (form("1", "1", "9" * 5000), "Date of charge must be a real date"),
    ],
)
def test_no_such_date(values: dict[str, str], message: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_date_field(values, field="on", label="Date of charge")
    assert refused.value.message == message
    assert refused.value.field == "on"


@pytest.mark.parametrize("text", ["25:00", "12:60", "13pm", "about tea time", "2:3", "0pm"])
def test_no_such_time(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_time_field(text, field="on_time")
    assert refused.value.message == "Enter a time, like 2:30pm or 14:30"


@given(
    st.dictionaries(
        st.sampled_from(["on_day", "on_month", "on_year", "on_time"]), st.text(max_size=20)
    )
)
def test_any_text_is_parsed_or_refused(values: dict[str, Any]) -> None:
    with contextlib.suppress(Refused):
        parsed_date = parse_date_field(values, field="on")
        assert parsed_date is None or 1800 <= parsed_date.year < 2200
    with contextlib.suppress(Refused):
        parsed_time = parse_time_field(values.get("on_time", ""), field="on_time")
        assert parsed_time is None or parsed_time.second == 0
