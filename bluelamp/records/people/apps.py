from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "bluelamp.records.people"
    label = "people"
