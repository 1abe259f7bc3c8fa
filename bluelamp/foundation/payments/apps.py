from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "bluelamp.foundation.payments"
    label = "payments"
