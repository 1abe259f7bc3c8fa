"""The four ways to say no. Doors turn each into a page or a problem+json answer."""


class Refused(Exception):
    """Bad input: one plain sentence that belongs beside a field; nothing was changed.

    `errors` maps each field to its sentence, so that a form can show them all at once.
    """

    def __init__(
        self, message: str = "", *, field: str = "", errors: dict[str, str] | None = None
    ) -> None:
        self.errors = errors or {field: message}
        self.message = message or next(iter(self.errors.values()))
        self.field = field or next(iter(self.errors))
        super().__init__(self.message)


class NotFound(Exception):
    """There is no such record for this actor: answered 404 whether it exists or not."""


class NotPermitted(Exception):
    """The actor may not do this."""


class Conflict(Exception):
    """It clashes with what is already on record: answered 409."""

    def __init__(self, message: str = "This clashes with what is already on record.") -> None:
        self.message = message
        super().__init__(message)
