from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "bluelamp.foundation.kernel"
    label = "kernel"
