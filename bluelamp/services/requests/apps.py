from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "bluelamp.services.requests"
    label = "requests"

    def ready(self) -> None:
        from bluelamp.records.evidence.policy import restrict_items

        restrict_items("request", "request.view")
