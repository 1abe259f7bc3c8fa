from django.apps import AppConfig


class VictimsConfig(AppConfig):
    name = "bluelamp.casework.victims"
    label = "victims"
