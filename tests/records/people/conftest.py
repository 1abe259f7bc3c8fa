"""A database whose transactions commit, as casework's tests have it."""

from tests.casework.conftest import committed

__all__ = ["committed"]
