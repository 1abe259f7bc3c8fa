"""What the field components ask of Python: options and date parts, in the shape that GOV.UK's
macros take.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Item = tuple[str, str] | Mapping[str, Any]


def field_choices(
    name: str,
    label: str,
    items: Iterable[Item],
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    hint: str = "",
    heading: bool = False,
    classes: str = "",
) -> dict[str, Any]:
    """Options for radios and checkboxes; those in `values` are chosen, and the first one's id is
    `name`.
    """
    chosen = _chosen(name, values)
    options = []
    for item in items:
        option: dict[str, Any] = (
            dict(item) if isinstance(item, Mapping) else {"value": item[0], "text": item[1]}
        )
        if isinstance(option.get("hint"), str):
            option["hint"] = {"text": option["hint"]}
        option["checked"] = str(option.get("value")) in chosen
        options.append(option)
    return {
        "idPrefix": name,
        "name": name,
        "items": options,
        "classes": classes.strip(),
        "hint": {"text": hint} if hint else None,
        "errorMessage": {"text": errors[name]} if errors.get(name) else None,
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
    """Day, month and year inputs named `<name>_day` …; the first one's id is `name`."""
    wrong = " govuk-input--error" if errors.get(name) else ""
    return [
        {
            "id": name if part == "day" else f"{name}_{part}",
            "name": f"{name}_{part}",
            "label": part.capitalize(),
            "value": values.get(f"{name}_{part}", ""),
            "classes": f"govuk-input--width-{4 if part == 'year' else 2}{wrong}",
        }
        for part in ("day", "month", "year")
    ]


def _chosen(name: str, values: Mapping[str, Any]) -> set[str]:
    """Every value under `name`, whether `values` is a QueryDict, holds a list, or holds one
    value.
    """
    if hasattr(values, "getlist"):
        return set(values.getlist(name))
    held = values.get(name)
    if isinstance(held, list | tuple | set | frozenset):
        return {str(value) for value in held}
    return set() if held is None else {str(held)}
