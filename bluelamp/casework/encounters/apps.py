from django.apps import AppConfig


class EncountersConfig(AppConfig):
    name = "bluelamp.casework.encounters"
    label = "encounters"
