from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "bluelamp.foundation.audit"
    label = "audit"
