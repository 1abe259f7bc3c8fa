"""The addresses of signing in through the force's provider."""

from django.urls import path

from bluelamp.web.openid import views

urlpatterns = [
    path("sign-in/force/", views.go_to_provider, name="openid-start"),
    path("sign-in/force/callback/", views.come_back, name="openid-callback"),
]
