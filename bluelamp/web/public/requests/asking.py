"""Ask for information: the list of what there is, one of them, its form, and what was sent."""

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bluelamp.foundation.forms import commands as forms
from bluelamp.foundation.forms.lookups import current_question_set, get_form_draft
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.contact import mask_address
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.services.requests import commands, lookups
from bluelamp.services.requests.messages import STATE_TITLES
from bluelamp.services.requests.rules import Service
from bluelamp.web import cookies
from bluelamp.web.actor import get_actor
from bluelamp.web.forms import flow
from bluelamp.web.forms.filled_form import FilledForm
from bluelamp.web.forms.pages import Texts
from bluelamp.web.languages import BOTH_LANGUAGES_PATH, active_language
from bluelamp.web.public.confirming import Confirmation, confirm_address
from bluelamp.web.public.rate_limits import enforce_limit
from bluelamp.web.render import render

DRAFT_COOKIE, SENT_COOKIE = "bluelamp_request", "bluelamp_request_sent"
DRAFT_SECONDS = int(timedelta(days=14).total_seconds())
SENT_SECONDS = int(timedelta(hours=24).total_seconds())
# Whoever is afraid of somebody may share a device with them.
SOFT_SECONDS = int(timedelta(hours=1).total_seconds())
MAX_REQUESTS_AN_HOUR = 30


class RequestForm(FilledForm):
    """The form of a service, which the browser's cookie opens. One for somebody who may be afraid
    has a quick way out on each page.
    """

    layout = "layouts/exit.html.jinja"

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.draft_id, self.secret = read_draft_cookie(request)
        at = now()
        try:
            draft = get_form_draft(
                actor=get_actor(request), at=at, draft_id=self.draft_id, secret=self.secret
            )
        except NotFound:
            raise Http404 from None
        super().__init__(draft.question_set, draft.texts, at=at, sources=draft.sources)
        self.back = reverse("requests-service", args=[to_slug(draft.subject)])

    def url(self, view: str, *parts: object) -> str:
        return reverse(f"requests-form-{view}", args=parts)

    def store(self, texts: Texts, removed_prefix: str) -> None:
        forms.save_form_draft(
            actor=get_actor(self._request),
            at=self.at,
            draft_id=self.draft_id,
            secret=self.secret,
            texts=texts,
            removed_prefix=removed_prefix,
        )

    def finish(self, request: HttpRequest) -> HttpResponse:
        request_id = commands.make_request(
            actor=get_actor(request),
            at=self.at,
            draft_id=self.draft_id,
            secret=self.secret,
            return_path=reverse("requests-sent"),
            language=active_language(),
        )
        return _go_to_sent(request, request_id)


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """List what people can ask for, by what it is about, with what it costs."""
    offers = lookups.list_service_offers(actor=get_actor(request), on=london_date(now()))
    groups: dict[str, list[lookups.ServiceOffer]] = {}
    for offer in offers:
        groups.setdefault(offer.service.category, []).append(offer)
    context = {"groups": groups, "to_slug": to_slug, "back": reverse("home")}
    return render(request, "public/requests/services.html.jinja", context)


def _start(request: HttpRequest, service: Service) -> HttpResponse:
    # Here and not around the view, which people may read as often as they like.
    enforce_limit(request, MAX_REQUESTS_AN_HOUR, act="form.draft_started")
    question_set = current_question_set(service.question_set, on=london_date(now()))
    draft, secret = forms.start_form_draft(
        actor=get_actor(request),
        at=now(),
        name=question_set.name,
        version=question_set.version,
        subject=service.code,
    )
    response = HttpResponseRedirect(reverse("requests-form-start"))
    cookies.set_signed_cookie(
        response,
        DRAFT_COOKIE,
        f"{draft.id} {secret}",
        salt=DRAFT_COOKIE,
        max_age=SOFT_SECONDS if service.is_soft else DRAFT_SECONDS,
        path=BOTH_LANGUAGES_PATH,
    )
    return response


def service(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one service: who may ask, what they need, what it costs. On POST begin its form."""
    try:
        offer = lookups.get_service_offer(
            actor=get_actor(request), code=to_code(slug), on=london_date(now())
        )
    except NotFound:
        raise Http404 from None
    # What costs a fee that nobody confirmed cannot be asked for yet.
    if request.method == "POST" and offer.can_be_paid:
        return _start(request, offer.service)
    context = {"offer": offer, "service": offer.service, "back": reverse("requests")}
    return render(request, "public/requests/service.html.jinja", context)


@require_safe
def form_start(request: HttpRequest) -> HttpResponse:
    """Go to the first page of the form."""
    return flow.start(request, RequestForm(request))


def form_page(request: HttpRequest, page_id: str) -> HttpResponse:
    """Ask one page of the form."""
    return flow.ask_page(request, RequestForm(request), page_id)


@require_POST
def form_save(request: HttpRequest, page_id: str) -> HttpResponse:
    """Save what is typed on a page so far."""
    return flow.save_page(request, RequestForm(request), page_id)


def form_check(request: HttpRequest) -> HttpResponse:
    """Show the answers to check. On POST send the request, then go on to pay where it costs."""
    try:
        return flow.check_answers(request, RequestForm(request))
    except Http404:
        # The second of two clicks: the first has sent the form, whose id the request has.
        draft_id, _secret = read_draft_cookie(request)
        return _go_to_sent(request, draft_id)
    except Refused as refused:
        context = {"message": refused.message, "back": reverse("requests")}
        return render(request, "public/requests/not_now.html.jinja", context, status=422)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Show the request that this browser sent: its reference, and what happens next."""
    own = _get_sent_request(request)
    if own is None:
        return HttpResponseRedirect(reverse("requests-track"))
    context = {"own": own, "state": STATE_TITLES[own.state], "back": ""}
    return render(request, "public/requests/sent.html.jinja", context)


def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for the code that confirms the e-mail address of whoever sent a request."""
    own = _get_sent_request(request)
    if own is None:
        return HttpResponseRedirect(reverse("requests-track"))
    actor, request_id = get_actor(request), own.id
    return confirm_address(
        request,
        Confirmation(
            url=reverse("requests-confirm"),
            done=reverse("requests-sent"),
            path=reverse("requests"),
            layout="layouts/exit.html.jinja",
            reference=own.reference,
            # Of what is soft we send no messages.
            kind="email" if own.email and not own.is_soft else "",
            masked_address=mask_address(own.email) if own.email else "",
            is_confirmed=own.is_email_confirmed,
            send=lambda: commands.send_address_code(actor=actor, at=now(), request_id=request_id),
            check=lambda code: commands.confirm_request_address(
                actor=actor, at=now(), request_id=request_id, code=code
            ),
            send_act="request.confirmation_requested",
            check_act="request.address_confirmed",
        ),
    )


def _get_sent_request(request: HttpRequest) -> lookups.OwnRequest | None:
    """Return the request that this browser sent, None where it has sent none lately."""
    text = cookies.get_signed_cookie(request, SENT_COOKIE, salt=SENT_COOKIE, max_age=SENT_SECONDS)
    try:
        return lookups.get_sent_request(actor=get_actor(request), at=now(), request_id=UUID(text))
    # Without a cookie the text is "", which is no id.
    except (NotFound, ValueError):
        return None


def _go_to_sent(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Return a redirect to pay for a request that was sent, or to its page. Raises Http404.

    Only whoever had the form has its id in a signed cookie.
    """
    try:
        sent = lookups.get_sent_request(actor=get_actor(request), at=now(), request_id=request_id)
    except NotFound:
        raise Http404 from None
    payment = sent.payment
    is_due = payment is not None and not payment.is_settled
    url = reverse("pay", args=[payment.token]) if payment and is_due else reverse("requests-sent")
    response = HttpResponseRedirect(url)
    cookies.set_signed_cookie(
        response,
        SENT_COOKIE,
        str(request_id),
        salt=SENT_COOKIE,
        max_age=SOFT_SECONDS if sent.is_soft else SENT_SECONDS,
        path=BOTH_LANGUAGES_PATH,
    )
    cookies.delete_cookie(response, DRAFT_COOKIE, path=BOTH_LANGUAGES_PATH)
    return response


def read_draft_cookie(request: HttpRequest) -> tuple[UUID, str]:
    """Return the draft that the browser's cookie names, and its secret. Raises Http404."""
    text = cookies.get_signed_cookie(
        request, DRAFT_COOKIE, salt=DRAFT_COOKIE, max_age=DRAFT_SECONDS
    )
    draft_id, _space, secret = text.partition(" ")
    try:
        return UUID(draft_id), secret
    except ValueError:
        raise Http404 from None


def to_slug(code: str) -> str:
    """Return a service's code as part of an address: COLLISION_REPORT is collision-report."""
    return code.lower().replace("_", "-")


def to_code(slug: str) -> str:
    """Return the service's code that part of an address stands for."""
    return slug.upper().replace("-", "_")
