"""A whole form on one page of the desk, saved as a draft: which questions it shows, and saving it.

Sections that repeat need pages of their own (`web/forms/flow.py`), so none repeats here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict

from bluelamp.foundation.forms.commands import save_form_draft
from bluelamp.foundation.forms.lookups import FormDraftDetail
from bluelamp.foundation.forms.rules import Page, Question, read_answers, read_page, visible_pages
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.web.forms.pages import Sources, html_values, read_posted, view_page
from bluelamp.web.forms.searches import find_choices, forget_old_choice


def save_posted(
    request: HttpRequest,
    actor: Actor,
    at: datetime,
    draft: FormDraftDetail,
    own_fields: tuple[str, ...],
) -> FormDraftDetail:
    """Save what was typed: of the questions on screen, and in `own_fields`."""
    questions = [question for page in list_pages(draft, at) for question in page.questions]
    texts = _read_texts(questions, request.POST, draft.texts)
    texts |= {name: request.POST.get(name, "") for name in own_fields}
    return save_form_draft(actor=actor, at=at, draft_id=draft.id, texts=texts)


def list_pages(draft: FormDraftDetail, at: datetime) -> list[Page]:
    """Return the pages that are asked, given what was typed."""
    values = read_answers(draft.question_set, draft.texts, at=at).all_values
    keys = visible_pages(draft.question_set, values, today=london_date(at))
    return [draft.question_set.page(key.page_id) for key in keys if key.row is None]


def form_context(
    draft: FormDraftDetail, at: datetime, sources: Sources | None = None
) -> dict[str, Any]:
    """Return what the page shows of the form.

    Args:
        draft: The form, as far as it is filled in.
        at: The present instant.
        sources: Where what we filled in is from, to be shown at each question; None for nowhere.
    """
    question_set, texts, today = draft.question_set, draft.texts, london_date(at)
    values = read_answers(question_set, texts, at=at).all_values
    pages = list_pages(draft, at)
    views = [
        view_page(
            page,
            question_ids=read_page(question_set, page.id, texts, values=values, at=at).question_ids,
            values=values,
            texts=texts,
            today=today,
            sources=sources,
        )
        for page in pages
    ]
    questions = [question for page in pages for question in page.questions]
    return {
        "draft": draft,
        "question_set": question_set,
        "views": views,
        "values": html_values(question_set.questions, texts),
        "extras": find_choices(questions, texts, on=today),
    }


def _read_texts(
    questions: list[Question], posted: QueryDict, saved: Mapping[str, str]
) -> dict[str, str]:
    texts = read_posted(questions, posted)
    for question in questions:
        forget_old_choice(question, texts, saved)
    return texts
