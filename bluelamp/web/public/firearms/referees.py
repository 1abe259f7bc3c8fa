"""What a referee answers, by a private link."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.services.firearms.commands.referees import record_reply, save_reply
from bluelamp.services.firearms.lookups.progress import get_reply_form
from bluelamp.web.actor import get_actor
from bluelamp.web.forms import flow
from bluelamp.web.forms.filled_form import FilledForm
from bluelamp.web.forms.pages import Texts
from bluelamp.web.render import render


class ReplyPages(FilledForm):
    """A referee's answers, saved page by page until they are sent."""

    layout = "public/firearms/layout.html.jinja"

    def __init__(self, request: HttpRequest, token: str) -> None:
        self._request, self._token = request, token
        at = now()
        reply = get_reply_form(actor=get_actor(request), at=at, token=token)
        # Nothing is filled in: a referee says it in their own words.
        super().__init__(reply.question_set, reply.texts, at=at, sources={})
        self.has_replied = reply.has_replied
        self.banner = _("You are answering about %(name)s") % {"name": reply.applicant}

    def url(self, view: str, *parts: object) -> str:
        name = "firearms-referee" if view == "start" else f"firearms-referee-{view}"
        return reverse(name, args=[self._token, *parts])

    def store(self, texts: Texts, removed_prefix: str) -> None:
        save_reply(actor=get_actor(self._request), at=self.at, token=self._token, texts=texts)

    def finish(self, request: HttpRequest) -> HttpResponse:
        record_reply(actor=get_actor(request), at=self.at, token=self._token)
        return HttpResponseRedirect(self.url("start"))


def start(request: HttpRequest, token: str) -> HttpResponse:
    """Go to the first page, or thank a referee who has replied."""
    form = _open_form(request, token)
    return flow.start(request, form) if isinstance(form, FilledForm) else form


def ask_page(request: HttpRequest, token: str, page_id: str) -> HttpResponse:
    """Ask one page of questions."""
    form = _open_form(request, token)
    return flow.ask_page(request, form, page_id) if isinstance(form, FilledForm) else form


@require_POST
def save_page(request: HttpRequest, token: str, page_id: str) -> HttpResponse:
    """Save what is typed on a page so far, for its script."""
    form = _open_form(request, token)
    return flow.save_page(request, form, page_id) if isinstance(form, FilledForm) else form


def check(request: HttpRequest, token: str) -> HttpResponse:
    """Show all answers to check. On POST send them, once."""
    form = _open_form(request, token)
    return flow.check_answers(request, form) if isinstance(form, FilledForm) else form


def _open_form(request: HttpRequest, token: str) -> ReplyPages | HttpResponse:
    try:
        form = ReplyPages(request, token)
    except NotFound:
        response = render(request, "public/firearms/link_ended.html.jinja", {"back": ""})
        response.status_code = 404
        return response
    if form.has_replied:
        return render(request, "public/firearms/replied.html.jinja", {"back": ""})
    return form
