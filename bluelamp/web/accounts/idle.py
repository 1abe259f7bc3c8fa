"""How long a session still lasts, for the script that warns before it ends."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_http_methods

from bluelamp.foundation.accounts.session_limits import time_left
from bluelamp.foundation.kernel.clock import now
from bluelamp.web.accounts.sessions import get_session


@require_http_methods(["GET", "POST"])
def session_state(request: HttpRequest) -> JsonResponse:
    """Return how many seconds the session lasts if it is not used. A POST uses it."""
    session = get_session(request)
    if session is None:
        return JsonResponse({"seconds": 0})
    left = time_left(session, at=now())
    return JsonResponse({"seconds": int(left.total_seconds()), "user": str(session.user_id)})
