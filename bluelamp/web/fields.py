"""Helpers of the field macros: options and date parts in the shape that GOV.UK's macros take."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

Choice = tuple[str, str] | Mapping[str, Any]
"""A value and its text, or the options of GOV.UK's macro with `value`, `text`, `hint` and so on."""


def field_choices(
    name: str,
    label: str,
    items: Iterable[Choice],
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    hint: str = "",
    heading: bool = False,
    classes: str = "",
) -> dict[str, Any]:
    """Return the parameters of GOV.UK's radios or checkboxes.

    Args:
        name: The name of the field, and the id of its first option: error links go there.
        label: The legend.
        items: The options.
        values: The page's values; the options whose value is under `name` are selected.
        errors: The page's errors.
        hint: The hint under the legend.
        heading: The legend is the h1 of the page.
        classes: Further classes.
    """
    selected = _selected_values(name, values)
    options = []
    for item in items:
        option: dict[str, Any] = (
            dict(item) if isinstance(item, Mapping) else {"value": item[0], "text": item[1]}
        )
        if isinstance(option.get("hint"), str):
            option["hint"] = {"text": option["hint"]}
        option["checked"] = str(option.get("value")) in selected
        options.append(option)
    return {
        "idPrefix": name,
        "name": name,
        "items": options,
        "classes": classes.strip(),
        "hint": {"text": hint} if hint else None,
        "errorMessage": {"text": errors[name], "visuallyHiddenText": _("Error")}
        if errors.get(name)
        else None,
        "fieldset": {
            "legend": {
                "text": label,
                "isPageHeading": heading,
                "classes": "govuk-fieldset__legend--l" if heading else "govuk-fieldset__legend--s",
            }
        },
    }


def field_dates(
    name: str, values: Mapping[str, Any], errors: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the inputs for day, month and year, named `<name>_day` and so on.

    The id of the first one is `name`, because error links go there.
    """
    error_class = " govuk-input--error" if errors.get(name) else ""
    labels = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
    return [
        {
            "id": name if part == "day" else f"{name}_{part}",
            "name": f"{name}_{part}",
            "label": label,
            "value": values.get(f"{name}_{part}", ""),
            # Widths in characters, for which the design system has classes.
            "classes": f"govuk-input--width-{4 if part == 'year' else 2}{error_class}",
        }
        for part, label in labels.items()
    ]


def _selected_values(name: str, values: Mapping[str, Any]) -> set[str]:
    """Return every value under `name`, if `values` is a QueryDict or has a list or one value."""
    # A QueryDict's `get` returns the last value only.
    if hasattr(values, "getlist"):
        return set(values.getlist(name))
    selected = values.get(name)
    if isinstance(selected, list | tuple | set | frozenset):
        return {str(value) for value in selected}
    return set() if selected is None else {str(selected)}
