"""What can go wrong with the stand-in, as tests and demonstrations ask for it."""

from dataclasses import dataclass


@dataclass(slots=True)
class Faults:
    """How the next requests and webhooks go wrong. Numbers count down to 0.

    Attributes:
        is_down: No connection at all.
        slow_seconds: How long each answer takes.
        fail_before: Answer 500 and do nothing.
        fail_after: Do the work, then answer 500.
        cut_after: Do the work, then break the connection without an answer.
        too_many: Answer 429.
        does_search_lag: Searches and lists find nothing that was made since this was set.
        refund_status: How the next refund begins: "success", "submitted" or "error".
        lose_webhooks: Send no webhook.
        double_webhooks: Send each webhook twice.
    """

    is_down: bool = False
    slow_seconds: float = 0.0
    fail_before: int = 0
    fail_after: int = 0
    cut_after: int = 0
    too_many: int = 0
    does_search_lag: bool = False
    refund_status: str = "success"
    lose_webhooks: bool = False
    double_webhooks: bool = False

    def take(self, name: str) -> bool:
        """Say whether the next request goes wrong in this way, and count it."""
        left: int = getattr(self, name)
        if left:
            setattr(self, name, left - 1)
        return bool(left)
