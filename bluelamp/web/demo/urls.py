"""URLs of the demonstration."""

from django.urls import path

from bluelamp.web.demo import views

urlpatterns = [
    path("demo/outbox/", views.outbox, name="demo-outbox"),
    path("demo/outbox/<uuid:message_id>.pdf", views.letter, name="demo-letter"),
]
