from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "bluelamp.records.evidence"
    label = "evidence"
