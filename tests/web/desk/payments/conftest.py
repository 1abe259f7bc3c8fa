"""The stand-in for GOV.UK Pay, for the pages of payments."""

from tests.foundation.payments.conftest import pay_service

__all__ = ["pay_service"]
