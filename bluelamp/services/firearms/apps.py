from django.apps import AppConfig


class FirearmsConfig(AppConfig):
    name = "bluelamp.services.firearms"
    label = "firearms"

    def ready(self) -> None:
        from bluelamp.records.evidence.policy import restrict_items

        restrict_items("application", "firearms.read_medical")

        # Its job sends one-time codes, and a worker has no other reason to import it.
        from bluelamp.services.firearms.commands import sessions  # noqa: F401
