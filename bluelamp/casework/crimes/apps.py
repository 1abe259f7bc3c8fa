from django.apps import AppConfig


class CrimesConfig(AppConfig):
    name = "bluelamp.casework.crimes"
    label = "crimes"
