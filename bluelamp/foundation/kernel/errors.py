"""The ways to refuse. Front ends turn each into a page or a problem+json answer."""

from collections.abc import Iterable, Mapping

from bluelamp.foundation.kernel.problems import Problem, texts_by_field


class Refused(Exception):
    """The input is wrong: what is to be put right, and in which field. Nothing was changed.

    What is wrong is a problem's code, whose sentence the `messages.py` of its domain has, or a
    plain sentence:

        raise Refused("reports.too_many_items", field="items", max_items=30)
        raise Refused("Choose one or more crimes", field="numbers")
        raise Refused(errors=[Problem(…), Problem(…)])
    """

    def __init__(
        self,
        message: str = "",
        *,
        field: str = "",
        errors: Mapping[str, str] | Iterable[Problem] | None = None,
        **params: object,
    ) -> None:
        """Refuse for one problem with its params, or for all the errors of a form or API call."""
        if isinstance(errors, Mapping):
            errors = [Problem(text, name) for name, text in errors.items()]
        self.problems = tuple(errors or ()) or (Problem(message, field, params),)
        self._first = Problem(message, field, params) if message else self.problems[0]
        super().__init__(message or self._first.code)

    @property
    def errors(self) -> dict[str, str]:
        """Return the sentence of each field, in the language that is active now."""
        return texts_by_field(self.problems)

    @property
    def message(self) -> str:
        """Return the first sentence, in the language that is active now."""
        return self._first.text

    @property
    def field(self) -> str:
        """Return the field of the first problem."""
        return self._first.field or self.problems[0].field

    def __str__(self) -> str:
        return self.message


class LimitReached(Refused):
    """There is no room for it: on the disk, for this sender or for this record.

    Attributes:
        status: The HTTP status: 413 for what is too large in itself, 429 for too much from one
            sender, 507 where nobody has room.
    """

    def __init__(self, message: str, *, status: int, field: str = "", **params: object) -> None:
        super().__init__(message, field=field, errors=None, **params)
        self.status = status


class NotFound(Exception):
    """There is no such record for this actor: answered 404 whether it exists or not."""


class NotPermitted(Exception):
    """The actor may not do this."""


class Conflict(Exception):
    """It contradicts what is already on record: answered 409.

    Raised with a problem's code and its parameters, or with a plain sentence, as `Refused` is.
    """

    def __init__(self, message: str = "kernel.conflict", **params: object) -> None:
        self.problem = Problem(message, params=params)
        super().__init__(message)

    @property
    def message(self) -> str:
        """Return the sentence, in the language that is active now."""
        return self.problem.text

    def __str__(self) -> str:
        return self.message
