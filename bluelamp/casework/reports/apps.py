from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "bluelamp.casework.reports"
    label = "reports"
