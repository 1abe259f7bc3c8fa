from datetime import date

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    name = "bluelamp.records.reference"
    label = "reference"

    def ready(self) -> None:
        from bluelamp.records.reference import lookups
        from bluelamp.records.reference.rules import answer_types

        def offence_label(code: str, on: date) -> str | None:
            offence = lookups.get_offence(code, on=on)
            return offence.title if offence else None

        answer_types.code_lists["offences"] = offence_label
