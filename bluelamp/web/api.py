"""What the officer app's API and the partners' share: who is let in, what they read, how they
describe themselves.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.security import APIKeyCookie
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    TypeAdapter,
)

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.web.actor import insider
from bluelamp.web.problems import MEDIA_TYPE, Problem, Problems

COMPONENTS = "#/components/schemas/"
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def _within_reason(moment: datetime) -> datetime:
    if not _EARLIEST <= moment < _LATEST:
        raise ValueError("This must be between the years 1900 and 2199.")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_within_reason)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Latitude = Annotated[FiniteFloat, Field(ge=-90, le=90)]
Longitude = Annotated[FiniteFloat, Field(ge=-180, le=180)]
Grid = Annotated[int, Field(ge=0, le=1_300_000)]


class Strict(BaseModel):
    """No conversion between types, no unknown fields."""

    model_config = ConfigDict(strict=True, extra="forbid")


class FieldError(BaseModel):
    field: str
    message: str


class ProblemBody(BaseModel):
    """RFC 9457. `errors` names each field that has to be put right, as a path like
    `person.email`.
    """

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError]


class Session(APIKeyCookie):
    """The session of somebody from `organisation` who signed in at `/sign-in/`.

    A request that changes something also carries the CSRF token.
    """

    param_name = "bluelamp_session"
    organisation: str

    def __call__(self, request: HttpRequest) -> Actor:
        """Return who acts. Raises Problem 401, HttpError 403 for want of the CSRF token, and
        NotFound (on the record) for another organisation.
        """
        if not request.user.is_authenticated:
            raise Problem(401)
        self._get_key(request)
        return insider(request, organisation=self.organisation)

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor:
        """Not asked: `__call__` settles it."""
        return self(request)


class DoorAPI(NinjaAPI):
    """An API that tells every exception as a problem, and whose description has what the framework
    cannot know.

    `reads` names the schema of the body that an operation reads by itself.
    """

    def __init__(
        self, *, problems: Problems, reads: tuple[str, TypeAdapter[Any]], **options: Any
    ) -> None:
        self.problems = problems
        self.reads = reads
        super().__init__(docs_url=None, **options)

    def set_default_exception_handlers(self) -> None:
        self.add_exception_handler(Exception, self._problem)

    def _problem(
        self, _request: HttpRequest, exception: Exception | type[Exception]
    ) -> HttpResponse:
        return self.problems.of_exception(
            exception if isinstance(exception, Exception) else exception()
        )

    def get_openapi_schema(self, **options: Any) -> Any:
        """The description, with the schema that is read, and problem+json for every refusal."""
        described = super().get_openapi_schema(**options)
        schemas = described["components"]["schemas"]
        name, adapter = self.reads
        schema = adapter.json_schema(ref_template=COMPONENTS + "{model}")
        schemas.update(schema.pop("$defs"))
        schemas[name] = schema
        for operations in described["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        response["content"] = {
                            MEDIA_TYPE: response["content"].pop("application/json")
                        }
        return described

    def addresses(self, prefix: str) -> list[URLPattern | URLResolver]:
        """The API's addresses under `prefix`. Every answer there that is not a success is a
        problem.
        """
        operations, app, namespace = self.urls
        for operation in operations:
            if isinstance(operation, URLPattern):
                operation.callback = self.problems.alone(operation.callback)
        return [
            path(f"{prefix}/", include((operations, app), namespace=namespace)),
            re_path(f"^{prefix}(?:/.*)?$", self._nothing_here()),
        ]

    def _nothing_here(self) -> Any:
        @csrf_exempt
        def nothing_here(request: HttpRequest) -> HttpResponseBase:
            """An address that the API does not have."""
            return self.problems.answer(404)

        return nothing_here
