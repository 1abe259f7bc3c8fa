"""The Jinja environment of every page: GOV.UK's and MoJ's macros, our components, and filters.

Our templates are `layouts/…`, `components/…` and `<front end>/…`. GOV.UK's macros are
`govuk_frontend_jinja/…`.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import engines
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import (
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
)

from bluelamp.foundation.accounts.mfa_adapter import passkey_host
from bluelamp.foundation.accounts.session_limits import idle_period
from bluelamp.foundation.forms.rules import field_names
from bluelamp.foundation.kernel.clock import now
from bluelamp.web import formats
from bluelamp.web.compiled_templates import find_or_create_cache
from bluelamp.web.demo.stand_ins import is_notify_stand_in, list_stand_ins
from bluelamp.web.fields import field_choices, field_dates
from bluelamp.web.force import force_name, force_with_article, last_force_name
from bluelamp.web.forms.notes import render_markdown
from bluelamp.web.forms.pages import lower_first, when_prefixes
from bluelamp.web.languages import (
    data_text,
    english_only_note,
    is_welsh,
    list_language_links,
)
from bluelamp.web.private_searches import encode_search
from bluelamp.web.script_texts import script_texts

FOLDER = Path(__file__).parent
LENIENT_PREFIX = "govuk_frontend_jinja/"


class PageEnvironment(Environment):
    """An environment that is strict for our templates and lenient for GOV.UK's.

    A name that we mistype raises an error. GOV.UK's macros read options that were not given, so for
    them an undefined name is empty.
    """

    lenient: Environment | None = None

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """Load a template: GOV.UK's by an environment of its own, which its macros then run in."""
        # In an overlay `lenient` is None, so that it loads the template itself.
        if self.lenient and isinstance(name, str) and name.startswith(LENIENT_PREFIX):
            return self.lenient.get_template(name, parent, globals)
        return super().get_template(name, parent, globals)


def environment(**options: Any) -> Environment:
    """Return the environment for Django's Jinja2 backend, whose own options are `options`."""
    own_loader = options.pop("loader", None) or FileSystemLoader([FOLDER / "templates", FOLDER])
    govuk_loader = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    env = PageEnvironment(
        **{
            **options,
            "loader": ChoiceLoader([own_loader, govuk_loader]),
            "undefined": StrictUndefined,
            "autoescape": True,
            "trim_blocks": True,
            "lstrip_blocks": True,
            # No limit: the templates are ours, and their number is fixed.
            "cache_size": -1,
            "bytecode_cache": find_or_create_cache(settings.BLUELAMP_VAR / "templates"),
            "extensions": ["jinja2.ext.i18n"],
        }
    )
    # Line breaks and indents inside {% trans %} are no part of the sentence.
    env.policies["ext.i18n.trimmed"] = True
    # The functions ask for the active language at each call. "newstyle" escapes what is filled in.
    env.install_gettext_callables(  # type: ignore[attr-defined]
        _translate, ngettext, newstyle=True
    )
    env.filters |= {
        "when": _format_date_time,
        "day": formats.format_date,
        "clock": formats.format_clock_time,
        "money": formats.format_money,
        "miles": formats.format_distance,
        "bytes": formats.format_size,
        "number": formats.format_number,
        "iso": _format_iso,
        "sentence": _to_sentence,
        "markdown": render_markdown,
        "lower_first": lower_first,
    }
    env.globals |= {
        "static": lru_cache(maxsize=256)(static),  # file names have hashes, so they never change
        "script_texts": script_texts,
        "force_name": force_name,
        "force_with_article": force_with_article,
        "last_force_name": last_force_name,
        "stand_ins": list_stand_ins,
        "has_outbox": is_notify_stand_in,
        "url": _url,
        "data_text": data_text,
        "english_only_note": english_only_note,
        "is_welsh": is_welsh,
        "list_language_links": list_language_links,
        "encode_search": encode_search,
        "passkey_host": passkey_host,
        "idle_seconds": _idle_seconds,
        "field_choices": field_choices,
        "field_dates": field_dates,
        "field_names": field_names,
        "when_prefixes": when_prefixes,
    }
    lenient = env.overlay(undefined=ChainableUndefined)
    env.lenient = lenient
    return env


def compile_all() -> None:
    """Compile every template now, so that the first request is not slower than the second."""
    backend: Any = engines["jinja2"]
    env: Environment = backend.env
    for name in env.list_templates(extensions=["jinja", "html"]):
        env.get_template(name)


def _translate(message: str) -> str:
    """Return a sentence in the language that is active now."""
    return _translate_to(get_language(), message)


# A page has some fifty sentences and links that are the same at each request: to look them up anew
# took two thirds of the time of a simple page.
@lru_cache(maxsize=4096)
def _translate_to(language: str | None, message: str) -> str:
    return gettext(message)


def _idle_seconds() -> int:
    return int(idle_period().total_seconds())


def _url(name: str, /, **kwargs: object) -> str:
    """Return the path of a URL by its name."""
    if kwargs:
        return reverse(name, kwargs=kwargs)
    return _url_of(get_language(), get_script_prefix(), name)


@lru_cache(maxsize=1024)
def _url_of(language: str | None, script_prefix: str, name: str) -> str:
    return reverse(name)


def _format_date_time(moment: datetime | None) -> str:
    return formats.format_date_time(moment, today=formats.to_london(now()).date())


def _format_iso(value: date | None) -> str:
    """Return a value for the `datetime` attribute of a time element."""
    if isinstance(value, datetime):
        return formats.to_london(value).isoformat(timespec="minutes")
    return value.isoformat() if value else ""


def _to_sentence(message: str) -> str:
    """Return an error message, which ends without a full stop, as a sentence of a paragraph."""
    return message if message.endswith((".", "?", "!")) else f"{message}."
