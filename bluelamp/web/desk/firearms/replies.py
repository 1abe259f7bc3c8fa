"""Key what a referee answered on paper: the scan and the day, then the answers page by page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bluelamp.foundation.forms.commands import save_form_draft
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.services.firearms import commands, lookups
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk.firearms.paper import list_uploads, to_scan
from bluelamp.web.desk.forms import read_field, require_permission
from bluelamp.web.formats import format_date
from bluelamp.web.forms import flow
from bluelamp.web.forms.filled_form import FilledForm
from bluelamp.web.forms.pages import Texts
from bluelamp.web.parsing import parse_date_field
from bluelamp.web.render import render


class KeyedReply(FilledForm):
    """A referee's reply that somebody keys at the desk, saved as they go."""

    layout = "desk/firearms/reply_layout.html.jinja"
    is_dense = True

    def __init__(self, request: HttpRequest, draft_id: UUID) -> None:
        self._request, self.draft_id = request, draft_id
        at = now()
        reply = lookups.get_reply_draft(actor=get_actor(request), at=at, draft_id=draft_id)
        draft = reply.draft
        super().__init__(draft.question_set, draft.texts, at=at, sources=draft.sources)
        self.reply = reply
        self.banner = (
            f"{reply.referee} answered about {reply.applicant} on paper, which came in on"
            f" {format_date(reply.received_on)}. Key the answers as they are on the paper."
        )
        self.back = reverse("desk-firearms-application", kwargs={"reference": reply.reference})

    def url(self, view: str, *parts: object) -> str:
        name = "desk-firearms-reply" if view == "start" else f"desk-firearms-reply-{view}"
        return reverse(name, args=[self.draft_id, *parts])

    def store(self, texts: Texts, removed_prefix: str) -> None:
        save_form_draft(
            actor=get_actor(self._request), at=self.at, draft_id=self.draft_id, texts=texts
        )

    def finish(self, request: HttpRequest) -> HttpResponse:
        try:
            reference = commands.submit_paper_reply(
                actor=get_actor(request), at=self.at, draft_id=self.draft_id
            )
        except Refused:  # an answer was changed in another tab meanwhile
            return HttpResponseRedirect(self.url("check"))
        except (Conflict, NotFound):
            # They answered by the link meanwhile, it is decided, or the other of two sends was
            # first: the application says which.
            return HttpResponseRedirect(self.back)
        url = reverse("desk-firearms-application", kwargs={"reference": reference})
        return HttpResponseRedirect(f"{url}?done=reply-keyed")


@require_http_methods(["GET", "POST"])
@staff_required
def start(request: HttpRequest, reference: str, referee_id: UUID) -> HttpResponse:
    """Ask for the scan and the day of a reply. On POST take them, and lead to its questions."""
    actor, at = get_actor(request), now()
    require_permission(actor, "firearms.key_paper")
    application = lookups.get_application(actor=actor, at=at, reference=reference)
    referee = next((row for row in application.referees if row.id == referee_id), None)
    if referee is None:
        raise NotFound("There is no such referee.")
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        status = 422
        received_on = read_field(errors, "received_on", parse_date_field, request.POST)
        try:
            if not errors:
                draft_id = commands.start_paper_reply(
                    actor=actor,
                    at=at,
                    reference=reference,
                    referee_id=referee_id,
                    received_on=received_on,
                    scans=[to_scan(file) for file in list_uploads(request)],
                )
                return redirect("desk-firearms-reply", draft_id=draft_id)
        except Refused as refused:
            errors = dict(refused.errors)
        except Conflict as conflict:
            errors, status = {"": conflict.message}, 409
    context = {
        "application": application,
        "referee": referee,
        "example": format_date(london_date(at)),
        "values": request.POST,
        "errors": errors,
    }
    return render(request, "desk/firearms/reply_start.html.jinja", context, status=status)


@require_safe
@staff_required
def tasks(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Go to the first page of a reply that is keyed."""
    return flow.start(request, KeyedReply(request, draft_id))


@staff_required
def ask_page(request: HttpRequest, draft_id: UUID, page_id: str) -> HttpResponse:
    """Key one page."""
    return flow.ask_page(request, KeyedReply(request, draft_id), page_id)


@require_POST
@staff_required
def save_page(request: HttpRequest, draft_id: UUID, page_id: str) -> HttpResponse:
    """Save what is typed on a page so far, for its script."""
    return flow.save_page(request, KeyedReply(request, draft_id), page_id)


@staff_required
def check(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show all answers to check. On POST put the reply on record, once."""
    return flow.check_answers(request, KeyedReply(request, draft_id))
