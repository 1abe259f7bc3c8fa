"""The pages of a form that somebody fills in, the same at every front end.

A view of the front end makes a `FilledForm` and hands it on. Each page saves what was typed, right
or wrong, and shows its errors after a redirect, so that nothing is sent twice.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from bluelamp.foundation.forms.rules import PageStep, Section, SectionStep, add_row, remove_row
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.web.forms.filled_form import FilledForm, Stop, list_lines, problems_of, row_prefix
from bluelamp.web.forms.pages import (
    REPLACEMENT_CHARACTER,
    html_errors,
    html_values,
    read_posted,
    view_page,
)
from bluelamp.web.forms.searches import forget_old_choice
from bluelamp.web.render import render

ERRORS_FLAG = "errors"
MAX_TEXT_LENGTH = 20_000
"""What is saved of one field, in characters. A question's own limit refuses what is far shorter."""


def start(request: HttpRequest, form: FilledForm) -> HttpResponse:
    """Show the tasks of a form, or go to its first page."""
    if form.question_set.style == "pages":
        stops = form.list_stops()
        return HttpResponseRedirect(_entry_url(form, stops[0]) if stops else form.url("check"))
    tasks = [_make_task(form, step) for step in form.steps]
    context = {
        "tasks": tasks,
        "done": sum(not task["colour"] for task in tasks),
        "is_complete": form.is_complete(),
        "check_url": form.url("check"),
        "back": form.back,
    }
    return _render(request, form, "tasks", context)


def ask_page(
    request: HttpRequest, form: FilledForm, page_id: str, row: int | None = None
) -> HttpResponse:
    """Show a page of questions. On POST save what was typed, then go on or show the errors."""
    section, step = form.find_page(page_id, row)
    refused: dict[str, str] = {}
    if request.method == "POST":
        try:
            return _take_page(request, form, section, step)
        except Refused as refusal:  # a file; what was typed is saved
            refused = refusal.errors
            section, step = form.find_page(page_id, row)
    questions, texts = step.page.questions, form.texts_at(section, row)
    view = view_page(
        step.page,
        question_ids=[question.id for question, _value in step.answers],
        values=form.values_at(section, row),
        texts=texts,
        today=form.today,
        sources=form.sources_at(section, row),
    )
    problems = step.problems if ERRORS_FLAG in request.GET else []
    stop = Stop("page", page_id, row)
    context = {
        "view": view,
        "caption": name_row(form, section, row) if row else section.title,
        "values": html_values(questions, texts),
        "errors": html_errors(questions, problems, texts) | refused,
        "extras": form.extras(step.page, texts),
        "save_url": form.url("save", *stop.parts),
        "has_files": any(question.type == "files" for question in questions),
        "back": _next_url(request, form, section, stop, -1),
    }
    return _render(request, form, "page", context)


def save_page(
    request: HttpRequest, form: FilledForm, page_id: str, row: int | None = None
) -> HttpResponse:
    """Save what is typed on a page so far, for its script. Nothing is checked."""
    section, step = form.find_page(page_id, row)
    _save_posted(request, form, section, step)
    return HttpResponse(status=204)


def list_rows(request: HttpRequest, form: FilledForm, section_id: str) -> HttpResponse:
    """Show the rows of a repeating section. On POST add or remove one, or go on."""
    step = form.find_section(section_id)
    section, stop = step.section, Stop("rows", section_id)
    if request.method == "POST":
        return _change_rows(request, form, step)
    removing = request.GET.get("remove", "")
    rows = [_show_row(form, step, row) for row in form.rows_of(section)]
    problems = problems_of(step) if ERRORS_FLAG in request.GET else []
    context = {
        "section": section,
        "rows": rows,
        "removing": next((row for row in rows if str(row["number"]) == removing), None),
        "can_add": section.repeat is not None and len(rows) < section.repeat.most,
        # The first problem of a row stands last here, and is the one that stays.
        "errors": {
            f"row-{where.row}" if where.row else "add": text for where, text in reversed(problems)
        },
        "back": _next_url(request, form, section, stop, -1),
    }
    return _render(request, form, "rows", context)


def check_answers(request: HttpRequest, form: FilledForm) -> HttpResponse:
    """Show all answers to check. On POST take them, if none is missing or wrong."""
    # Checked again here: a page in another tab may have changed an answer since this one was shown.
    if request.method == "POST" and form.is_complete():
        return form.finish(request)
    sections = [
        {
            "title": step.section.title,
            "href": "",
            "pages": [_show_page(form, step.section, page) for page in step.pages],
            "rows_url": form.url("rows", step.section.id) if step.section.repeat else "",
            "error": step.problems[0].text if step.problems else "",
        }
        for step in form.steps
    ]
    context = {
        "sections": sections,
        "missing": _list_missing(form),
        "back": form.url("start") if form.question_set.style == "tasks" else "",
    }
    return _render(request, form, "check", context)


def _list_missing(form: FilledForm) -> list[dict[str, Any]]:
    """Return what is missing or wrong: each answer, or of a form with tasks each task."""
    problems = [(step.section.title, problems_of(step)) for step in form.steps]
    if form.question_set.style == "pages":
        return [
            {"href": _url(form, stop, "check"), "text": text}
            for _title, own in problems
            for stop, text in own
        ]
    return [
        {"href": _url(form, own[0][0]), "text": title, "count": len(own)}
        for title, own in problems
        if own
    ]


def name_row(form: FilledForm, section: Section, row: int) -> str:
    """Return what a row is called, such as "Vehicle 2"."""
    noun = section.repeat.noun if section.repeat else section.title
    return f"{noun[:1].upper()}{noun[1:]} {form.rows_of(section).index(row) + 1}"


def _render(
    request: HttpRequest, form: FilledForm, name: str, context: dict[str, Any]
) -> HttpResponse:
    context |= {"form": form, "is_from_check": _is_from_check(request)}
    return render(request, f"forms/{name}.html.jinja", context)


def _take_page(
    request: HttpRequest, form: FilledForm, section: Section, step: PageStep
) -> HttpResponse:
    stop = Stop("page", step.page.id, step.row)
    _save_posted(request, form, section, step)
    if "remove" in request.POST:
        return HttpResponseRedirect(_url(form, stop, "check" if _is_from_check(request) else ""))
    _section, step = form.find_page(*step.key)
    # An answer can make another question of the same page appear, which nobody has seen yet: then
    # the page is shown again. Its errors come the next time.
    shown = set(request.POST.get("asked", "").split())
    is_new = any(question.id not in shown for question, _value in step.answers)
    # Without JavaScript, a button of its own looks a place or a code up.
    is_searching = "find" in request.POST
    has_errors = bool(step.problems) and not is_new and not is_searching
    if is_new or is_searching or has_errors:
        url = _url(form, stop, "check" if _is_from_check(request) else "")
        flag = f"{'&' if '?' in url else '?'}{ERRORS_FLAG}=1" if has_errors else ""
        return HttpResponseRedirect(f"{url}{flag}")
    return HttpResponseRedirect(_next_url(request, form, section, stop, 1))


def _save_posted(request: HttpRequest, form: FilledForm, section: Section, step: PageStep) -> None:
    shown = set(request.POST.get("asked", "").split())
    questions = [question for question in step.page.questions if question.id in shown]
    posted = read_posted(questions, request.POST)
    refusals: list[Refused] = []
    for question in questions:
        forget_old_choice(question, posted, form.texts_at(section, step.row))
        if question.type == "files":
            try:
                posted[question.id] = _take_files(request, form, posted, question.id)
            except Refused as refusal:
                refusals.append(Refused(refusal.message, field=question.id))
    prefix = row_prefix(section, step.row)
    texts = {prefix + name: _make_storable(text) for name, text in posted.items()}
    form.save(texts | _list_rows_of(form, section, step.row))
    if refusals:
        raise refusals[0]


def _take_files(
    request: HttpRequest, form: FilledForm, posted: Mapping[str, str], question_id: str
) -> str:
    """Store the files that came with a page. Return the ids of all, without one to be removed."""
    sent = [file for file in request.FILES.getlist(question_id) if isinstance(file, UploadedFile)]
    file_ids = [*list_lines(posted, question_id), *form.receive_files(sent)]
    removed = request.POST.get("remove", "")
    if removed in file_ids:
        form.remove_file(removed)
    return "\n".join(file_id for file_id in dict.fromkeys(file_ids) if file_id != removed)


def _list_rows_of(form: FilledForm, section: Section, row: int | None) -> dict[str, str]:
    """Return the fields that list the rows, so that a row that must be there keeps its number."""
    name = f"{section.id}.rows"
    if row is None or name in form.texts:
        return {}
    return {name: " ".join(map(str, form.rows_of(section)))}


def _change_rows(request: HttpRequest, form: FilledForm, step: SectionStep) -> HttpResponse:
    section, stop = step.section, Stop("rows", step.section.id)
    removed = request.POST.get("remove", "")
    if "add" in request.POST and section.repeat:
        if len(form.rows_of(section)) >= section.repeat.most:
            return HttpResponseRedirect(_url(form, stop))
        texts, row = add_row(section, form.texts)
        form.save(_rows_fields(texts, section))
        first = form.list_stops(section.id, row)[0]
        return HttpResponseRedirect(_url(form, first))
    if removed.isdecimal() and int(removed) in form.rows_of(section):
        texts = remove_row(section, form.texts, int(removed))
        form.save(_rows_fields(texts, section), row_prefix(section, int(removed)))
        return HttpResponseRedirect(_url(form, stop))
    if problems_of(step):
        return HttpResponseRedirect(f"{_url(form, stop)}?{ERRORS_FLAG}=1")
    # Nobody need add a row: Continue says that the list is as it should be.
    form.save({f"{section.id}.rows": " ".join(map(str, form.rows_of(section)))})
    return HttpResponseRedirect(_next_url(request, form, section, stop, 1))


def _rows_fields(texts: dict[str, str], section: Section) -> dict[str, str]:
    names = (f"{section.id}.rows", f"{section.id}.next")
    return {name: texts[name] for name in names if name in texts}


def _make_storable(text: str) -> str:
    """Return a text that a draft can hold, without NUL and half surrogate pairs."""
    text = text.replace("\x00", REPLACEMENT_CHARACTER)
    return text.encode("utf-8", "replace").decode()[:MAX_TEXT_LENGTH]


def _is_from_check(request: HttpRequest) -> bool:
    """Return whether the person came from the page that repeats the answers, and goes back."""
    return (request.POST.get("from") or request.GET.get("from")) == "check"


def _url(form: FilledForm, stop: Stop, origin: str = "") -> str:
    url = form.url(stop.view, *stop.parts)
    return f"{url}?{urlencode({'from': origin})}" if origin else url


def _entry_url(form: FilledForm, stop: Stop, origin: str = "") -> str:
    """Return where somebody comes to a stop: a list that needs a row begins with that row."""
    if stop.view == "rows":
        step = form.find_section(stop.id)
        if step.pages and not form.has_begun(step):
            return _url(form, form.list_stops(stop.id, step.pages[0].row)[0], origin)
    return _url(form, stop, origin)


def _next_url(
    request: HttpRequest, form: FilledForm, section: Section, stop: Stop, step: int
) -> str:
    """Return where Continue leads with a step of 1, and Back with one of -1.

    A task ends at the list of tasks.
    """
    origin = "check" if _is_from_check(request) else ""
    if origin and stop.row is None:
        return form.url("check")
    has_tasks = form.question_set.style == "tasks"
    if stop.row is not None:
        stops = form.list_stops(section.id, stop.row)
    else:
        stops = form.list_stops(section.id if has_tasks else "")
    index = stops.index(stop) + step
    if stop.row is not None and index < 0:
        return _url(form, Stop("rows", section.id), origin)
    if 0 <= index < len(stops):
        return (_entry_url if step > 0 else _url)(form, stops[index], origin)
    if step < 0 and not has_tasks:
        return form.back
    return form.url("start" if has_tasks else "check")


def _make_task(form: FilledForm, step: SectionStep) -> dict[str, Any]:
    status, colour = _("Completed"), ""
    if not form.has_begun(step):
        status, colour = _("Not yet started"), "blue"
    elif problems_of(step):
        status, colour = _("In progress"), "light-blue"
    elif form.is_filled_in(step):
        # Done as it stands: whoever fills it in looks whether it is still right.
        status = _("Filled in from our records")
    stops = form.list_stops(step.section.id)
    return {
        "title": step.section.title,
        "href": _entry_url(form, stops[0]) if stops else "",
        "status": status,
        "colour": colour,
    }


def _show_page(form: FilledForm, section: Section, step: PageStep) -> dict[str, Any]:
    stop = Stop("page", step.page.id, step.row)
    title = step.page.title
    if step.row is not None:
        row_name = name_row(form, section, step.row)
        title = f"{row_name}: {title}" if len(section.pages) > 1 else row_name
    return {
        "id": f"answers-{step.page.id}{f'-{step.row}' if step.row else ''}",
        "title": title,
        "href": _url(form, stop, "check"),
        "rows": _show_rows(form, step),
        "error": step.problems[0].text if step.problems else "",
    }


def _show_rows(form: FilledForm, step: PageStep) -> list[tuple[str, list[str]]]:
    """Return the answers of a page, or its questions if it has none; files by their names."""
    files = {question.id for question in step.page.questions if question.type == "files"}
    rows = [
        (row.label, form.name_files(row.lines) if row.question_id in files else row.lines)
        for row in step.rows
    ]
    return rows or [(question.title, []) for question, _value in step.answers]


def _show_row(form: FilledForm, step: SectionStep, row: int) -> dict[str, Any]:
    pages = [page for page in step.pages if page.row == row]
    stops = form.list_stops(step.section.id, row)
    return {
        "number": row,
        "title": name_row(form, step.section, row),
        "href": _url(form, stops[0]) if len(stops) > 1 else "",
        "rows": [row for page in pages for row in _show_rows(form, page)],
        "has_problems": any(page.problems for page in pages),
    }
