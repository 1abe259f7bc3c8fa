"""The Jinja environment of every page: GOV.UK macros, our components, filters for plain words.

Ours to name `layouts/…`, `components/…` and `<door>/…`; the GOV.UK macros answer to
`govuk_frontend_jinja/…`.
"""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.template import engines
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import (
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
)

from bluelamp.foundation.kernel.clock import now
from bluelamp.web import plain
from bluelamp.web.fields import field_choices, field_dates

WEB = Path(__file__).parent


def environment(**options: Any) -> Environment:
    """The environment Django's Jinja2 backend asks for. `options` are the backend's own.

    GOV.UK's macros read options that were not given, so an undefined name prints nothing; it never
    raises.
    """
    given = options.pop("loader", None)
    ours = given or FileSystemLoader([WEB / "templates", WEB])
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    env = Environment(
        **{
            **options,
            "loader": ChoiceLoader([ours, govuk]),
            "undefined": ChainableUndefined,
            "autoescape": True,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "cache_size": -1,
        }
    )
    env.filters |= {
        "when": _when,
        "day": plain.day,
        "clock": plain.clock_time,
        "money": plain.money,
        "miles": plain.miles,
        "bytes": plain.size,
        "number": plain.number,
        "iso": _iso,
    }
    env.globals |= {
        "static": static,
        "url": _url,
        "field_choices": field_choices,
        "field_dates": field_dates,
    }
    return env


def compile_all() -> None:
    """Compile every template now, as a server does before it answers: the first page is as quick as
    the second.
    """
    backend: Any = engines["jinja2"]
    env: Environment = backend.env
    for name in env.list_templates(extensions=["jinja", "html"]):
        env.get_template(name)


def _url(name: str, **kwargs: object) -> str:
    return reverse(name, kwargs=kwargs or None)


def _when(moment: datetime | None) -> str:
    return plain.when(moment, today=plain.as_london(now()).date())


def _iso(value: date | None) -> str:
    """For the `datetime` attribute of a time element."""
    if isinstance(value, datetime):
        return plain.as_london(value).isoformat(timespec="minutes")
    return value.isoformat() if value else ""
