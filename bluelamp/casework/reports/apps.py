from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "bluelamp.casework.reports"
    label = "reports"

    def ready(self) -> None:
        from bluelamp.casework.reports.rules import find_unmet_requirements
        from bluelamp.foundation.forms.built_in import set_requirements

        set_requirements["report"] = find_unmet_requirements
