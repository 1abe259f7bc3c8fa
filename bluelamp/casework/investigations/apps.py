from django.apps import AppConfig


class InvestigationsConfig(AppConfig):
    name = "bluelamp.casework.investigations"
    label = "investigations"
