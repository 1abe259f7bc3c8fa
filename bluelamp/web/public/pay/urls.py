"""URLs of payments. A link's token has 43 characters, so it is never taken for `webhook`."""

from django.urls import path

from bluelamp.web.public.pay import views, webhook

urlpatterns = [
    path("webhook/", webhook.webhook, name="pay-webhook"),
    path("<str:token>/", views.pay, name="pay"),
    path("<str:token>/back/", views.back, name="pay-back"),
    path("<str:token>/receipt/", views.receipt, name="pay-receipt"),
]
