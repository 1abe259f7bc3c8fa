"""What the officer app's API and the partners' API share.

That is who may use them, the types they read, and how they describe themselves.
"""

import json
import re
from collections.abc import Callable
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

from bluelamp.foundation.kernel.actor import Actor, OrganisationKind
from bluelamp.web.actor import require_organisation
from bluelamp.web.problems import MEDIA_TYPE, ApiError, ProblemResponses

COMPONENTS = "#/components/schemas/"
# PostgreSQL and Python disagree about years far away, and nothing we record is there.
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def _check_year(moment: datetime) -> datetime:
    # Far outside, converting to another time zone raises OverflowError.
    if not _EARLIEST <= moment < _LATEST:
        raise ValueError("This must be between 1900 and 2199")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_check_year)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Latitude = Annotated[FiniteFloat, Field(ge=-90, le=90)]
Longitude = Annotated[FiniteFloat, Field(ge=-180, le=180)]
Grid = Annotated[int, Field(ge=0, le=1_300_000)]  # metres, as far as the National Grid reaches


class StrictSchema(BaseModel):
    """No conversion between types, no unknown fields."""

    model_config = ConfigDict(strict=True, extra="forbid")


class FieldErrorSchema(BaseModel):
    field: str
    message: str


class ProblemBodySchema(BaseModel):
    """RFC 9457. `errors` names each field that has a problem, by a path like `person.email`."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldErrorSchema]


class SessionAuth(APIKeyCookie):
    """The session of somebody who signed in at `/sign-in/`.

    Their organisation is of the kind `organisation_kind`. A request that changes something also
    carries the CSRF token.
    """

    # The description of the API has the name without `__Host-`, which the cookie has under https.
    param_name = "bluelamp_session"
    organisation_kind: OrganisationKind

    def __call__(self, request: HttpRequest) -> Actor:
        """Return who is acting.

        Raises:
            ApiError: 401, nobody is signed in.
            HttpError: 403, the CSRF token is missing or wrong.
            NotFound: The organisation is of another kind. This is put on record.
        """
        if not request.user.is_authenticated:
            raise ApiError(401)
        # Ninja's own check of the CSRF token is in here.
        self._get_key(request)
        return require_organisation(request, kind=self.organisation_kind)

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor:
        """Never called, because `__call__` decides; the base class requires it."""
        return self(request)


class BaseAPI(NinjaAPI):
    """An API that answers every exception with problem+json."""

    def __init__(
        self,
        *,
        problems: ProblemResponses,
        body_schema: tuple[str, Callable[[], TypeAdapter[Any]]],
        **options: Any,
    ) -> None:
        """Make an API.

        Args:
            problems: How the API refuses.
            body_schema: The name of a body that an operation reads by itself, so that the framework
                does not know of it, and what returns its type as it is now.
            options: Passed to NinjaAPI.
        """
        self.problems = problems
        self.body_schema = body_schema
        super().__init__(docs_url=None, **options)

    def set_default_exception_handlers(self) -> None:
        """Replace the framework's own answers."""
        self.add_exception_handler(Exception, self._handle_exception)

    def _handle_exception(
        self, _request: HttpRequest, exception: Exception | type[Exception]
    ) -> HttpResponse:
        return self.problems.response_to(
            exception if isinstance(exception, Exception) else exception()
        )

    def get_openapi_schema(self, **options: Any) -> Any:
        """Return the API's description, with what the framework cannot know.

        That is the schema of the body that an operation reads by itself, and problem+json as the
        media type of every refusal.
        """
        description = super().get_openapi_schema(**options)
        schemas = description["components"]["schemas"]
        name, make_adapter = self.body_schema
        schema = make_adapter().json_schema(ref_template=COMPONENTS + "{model}")
        schemas.update(schema.pop("$defs"))
        schemas[name] = schema
        for operations in description["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    # The framework knows one media type for all answers, and ours for errors is
                    # another.
                    if int(status) >= 400:
                        response["content"] = {
                            MEDIA_TYPE: response["content"].pop("application/json")
                        }
        return _without_schema_suffix(description)

    def url_patterns(self, prefix: str) -> list[URLPattern | URLResolver]:
        """Return the API's URL patterns. Every answer under `prefix` is success or a problem."""
        operations, app, namespace = self.urls
        for operation in operations:
            if isinstance(operation, URLPattern):
                operation.callback = self.problems.problem_json_only(operation.callback)
        return [
            path(f"{prefix}/", include((operations, app), namespace=namespace)),
            # After them: any other address under the prefix, so that no page answers a program.
            re_path(f"^{prefix}(?:/.*)?$", self._not_found_view()),
        ]

    def _not_found_view(self) -> Any:
        @csrf_exempt
        def not_found(request: HttpRequest) -> HttpResponseBase:
            return self.problems.response(404)

        return not_found


def _without_schema_suffix(description: dict[str, Any]) -> Any:
    """Return an API's description with `Report` wherever our code says `ReportSchema`.

    The suffix tells our own classes apart. To whoever uses the API it says nothing.
    """
    names = [name for name in description["components"]["schemas"] if name.endswith("Schema")]
    # Only whole JSON strings are replaced: keys, titles and references.
    pattern = re.compile(rf'"((?:{re.escape(COMPONENTS)})?)({"|".join(names)})"')

    def shorten(match: re.Match[str]) -> str:
        return f'"{match[1]}{match[2].removesuffix("Schema")}"'

    return json.loads(pattern.sub(shorten, json.dumps(description)))
