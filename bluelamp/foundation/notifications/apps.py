from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "bluelamp.foundation.notifications"
    label = "notifications"
