from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "bluelamp.foundation.forms"
    label = "forms"
