"""Who may see which messages."""

from bluelamp.foundation.accounts.policy import Policy
from bluelamp.foundation.notifications.models import UndeliveredMessage


class UndeliveredMessagePolicy(Policy[UndeliveredMessage]):
    """Undelivered messages are for the force that sent them."""

    model = UndeliveredMessage
    not_found = "There is no such message."


undelivered_message_policy = UndeliveredMessagePolicy()
