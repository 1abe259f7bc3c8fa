from django.apps import AppConfig


class CaseFilesConfig(AppConfig):
    name = "bluelamp.casework.casefiles"
    label = "casefiles"
