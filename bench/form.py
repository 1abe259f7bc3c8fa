"""`bluelamp bench form`: how long a page of a question set takes, as the set grows.

A set of 500 questions on 125 pages, one section in five repeating, is compiled, filled in by half,
and one page of it is shown 60 times in this process: the answers read, the page rendered. A page
that shows one sentence by the same layout is the raw limit of the same run. Nothing is stored: what
the database takes is in `page`.
"""

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

TIMES = 60
TARGET_P95_MS = 20
SIZES = (50, 500)


def run(*, as_json: bool = False) -> dict[str, Any]:
    """Measure, print and return the figures; `missed` names the sizes at or over 20 ms at p95."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "bluelamp.settings", "BLUELAMP_VAR": folder}
        import django
        from django.conf import settings

        django.setup()
        settings.STORAGES = {
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        }
        rows = {str(size): _measure_set(size) for size in SIZES}
    missed = [size for size, row in rows.items() if row["p95_ms"] >= TARGET_P95_MS]
    figures = {"questions": rows, "missed": missed}
    if as_json:
        print(json.dumps(figures))
    else:
        for size, row in rows.items():
            print(
                f"{size:>4} questions: page p50 {row['p50_ms']:5.1f}  p95 {row['p95_ms']:5.1f} ms,"
                f" a bare page {row['raw_ms']:.1f} ms, compiled once in {row['compile_ms']:,.0f} ms"
            )
    return figures


def make_set(size: int) -> str:
    """Return the text of a question set with so many questions, four on a page."""
    types = ("text", "long_text", "yes_no", "date")
    lines = ["name: large", "version: 1", "title: Large", "style: tasks", "sections:"]
    for section in range(size // 20):
        lines += [f"  - id: s{section}", f"    title: Section {section}"]
        if section % 5 == 4:
            lines.append("    repeat: {noun: thing, most: 5}")
        lines.append("    pages:")
        for page in range(5):
            lines += [f"      - id: p{section}-{page}", f"        title: Page {page}"]
            lines += ["        heading: What do you know?", "        questions:"]
            for index, kind in enumerate(types):
                number = (section * 5 + page) * 4 + index
                only = f", if: {{q{number - 1}: 'yes'}}" if index == 3 else ""
                lines.append(
                    f"          - {{id: q{number}, type: {kind}, label: Question {number}?,"
                    f" missing: Answer question {number}, hint: A hint{only}}}"
                )
    return "\n".join(lines)


def _measure_set(size: int) -> dict[str, float]:
    from django.http import HttpRequest, HttpResponse
    from django.test import RequestFactory

    from bluelamp.foundation.forms.rules import parse_question_set
    from bluelamp.web.forms.filled_form import FilledForm
    from bluelamp.web.forms.flow import ask_page
    from bluelamp.web.render import render

    class BenchForm(FilledForm):
        layout = "layouts/preview.html.jinja"

        def url(self, view: str, *parts: object) -> str:
            return f"/{view}/{'/'.join(map(str, parts))}"

        def store(self, texts: object, removed_prefix: str) -> None: ...

        def finish(self, request: HttpRequest) -> HttpResponse:
            raise NotImplementedError

    started = time.perf_counter()
    question_set = parse_question_set(make_set(size))
    compile_ms = (time.perf_counter() - started) * 1000
    texts = {f"q{number}": "yes" for number in range(0, size, 2)}
    page = question_set.sections[1].pages[2].id
    request = RequestFactory().get("/")
    request.user = None  # type: ignore[assignment]

    def show_page() -> None:
        form = BenchForm(question_set, texts, at=datetime.now(UTC), sources={})
        assert ask_page(request, form, page).status_code == 200

    def show_bare_page() -> None:
        assert render(request, "layouts/preview.html.jinja").status_code == 200

    milliseconds = _time(show_page)
    return {
        "p50_ms": round(statistics.median(milliseconds), 2),
        "p95_ms": round(milliseconds[int(TIMES * 0.95) - 1], 2),
        "raw_ms": round(statistics.median(_time(show_bare_page)), 2),
        "compile_ms": round(compile_ms, 1),
    }


def _time(show: Callable[[], None]) -> list[float]:
    """Return how long each of many calls took, in milliseconds, the shortest first."""
    for _ in range(6):
        show()
    milliseconds = []
    for _ in range(TIMES):
        started = time.perf_counter()
        show()
        milliseconds.append((time.perf_counter() - started) * 1000)
    return sorted(milliseconds)
