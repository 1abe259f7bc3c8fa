from django.apps import AppConfig


class FirearmsConfig(AppConfig):
    name = "bluelamp.services.firearms"
    label = "firearms"

    def ready(self) -> None:
        from bluelamp.records.evidence.policy import restrict_items

        restrict_items("application", "firearms.read_medical")
