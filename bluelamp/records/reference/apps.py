from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    name = "bluelamp.records.reference"
    label = "reference"
