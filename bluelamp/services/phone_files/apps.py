from django.apps import AppConfig


class PhoneFilesConfig(AppConfig):
    name = "bluelamp.services.phone_files"
    label = "phone_files"
