from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "bluelamp.services.requests"
    label = "requests"
