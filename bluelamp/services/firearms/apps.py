from django.apps import AppConfig


class FirearmsConfig(AppConfig):
    name = "bluelamp.services.firearms"
    label = "firearms"
