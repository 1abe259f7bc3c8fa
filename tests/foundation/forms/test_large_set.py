"""A big set is read in proportion to its size. How long that takes is in `bluelamp bench form`."""

import sys
from datetime import UTC, datetime
from types import FrameType

from bluelamp.foundation.forms.rules import parse_question_set, read_answers, visible_pages

AT = datetime(2026, 11, 27, 12, tzinfo=UTC)


def _write_set(pages: int) -> str:
    lines = ["name: big", "version: 1", "title: Big", "sections:"]
    lines += ["  - id: all", "    title: All", "    pages:"]
    for page in range(pages):
        lines += [f"      - id: page-{page}", f"        title: Page {page}", "        questions:"]
        condition = f", if: {{has{page - 1}: yes}}" if page else ""
        lines += [
            f"          - {{id: has{page}, type: yes_no, label: Has it}}",
            f"          - {{id: name{page}, type: text, label: Name{condition}}}",
            f"          - {{id: born{page}, type: date, label: Date{condition}}}",
            f"          - {{id: phone{page}, type: phone, label: Phone, required: false}}",
            f"          - {{id: story{page}, type: long_text, label: Story, required: false}}",
        ]
    return "\n".join(lines)


def _write_answered_set(*, pages: int) -> tuple[str, dict[str, str]]:
    """Return a set with five questions on each page, and everything typed into it."""
    texts: dict[str, str] = {}
    for page in range(pages):
        texts |= {f"has{page}": "yes", f"name{page}": "Esi", f"phone{page}": "020 7946 0000"}
        texts |= {f"born{page}_day": "2", f"born{page}_month": "3", f"born{page}_year": "1980"}
        texts |= {f"story{page}": "It was dark.\r\n" * 20}
    return _write_set(pages), texts


def test_reading_grows_with_the_questions_and_no_faster() -> None:
    """Ten times the questions take ten times the calls, give or take what each reading costs."""
    assert _count_calls(pages=100) < 11 * _count_calls(pages=10)


def _count_calls(*, pages: int) -> int:
    """Return how many functions are called to read an answered set with five questions a page."""
    text, texts = _write_answered_set(pages=pages)
    question_set = parse_question_set(text)
    assert len(question_set.questions) == 5 * pages
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    previous = sys.getprofile()
    sys.setprofile(count)
    try:
        answers = read_answers(question_set, texts, at=AT)
        visible_pages(question_set, answers.values, today=AT.date())
    finally:
        sys.setprofile(previous)
    assert answers.problems == []
    assert len(answers.pages) == pages
    return calls
