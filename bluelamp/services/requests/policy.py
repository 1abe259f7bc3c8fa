"""Who may see which requests: people of the force."""

from bluelamp.foundation.accounts.policy import Policy
from bluelamp.services.requests.models import InformationRequest


class RequestPolicy(Policy[InformationRequest]):
    """Requests to the actor's force. The public see their own by a code or a link."""

    model = InformationRequest
    not_found = "There is no such request."


request_policy = RequestPolicy()
