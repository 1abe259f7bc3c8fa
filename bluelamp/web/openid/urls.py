"""The addresses of signing in through the force's provider."""

from django.urls import path

from bluelamp.web.openid import views

urlpatterns = [
    path("sign-in/force/", views.start_sign_in, name="openid-start"),
    path("sign-in/force/callback/", views.receive_answer, name="openid-callback"),
]
