from django.apps import AppConfig


class ReceiptsConfig(AppConfig):
    name = "bluelamp.services.receipts"
    label = "receipts"
