"""URLs of the public pages of requests."""

from django.urls import path

from bluelamp.web.public.requests import asking, following

urlpatterns = [
    path("", asking.services, name="requests"),
    path("form/", asking.form_start, name="requests-form-start"),
    path("form/check/", asking.form_check, name="requests-form-check"),
    path("form/<slug:page_id>/", asking.form_page, name="requests-form-page"),
    path("form/<slug:page_id>/save", asking.form_save, name="requests-form-save"),
    path("sent/", asking.sent, name="requests-sent"),
    path("sent/confirm/", asking.confirm, name="requests-confirm"),
    path("track/", following.start, name="requests-track"),
    path("track/code/", following.code, name="requests-code"),
    path("track/mine/", following.mine, name="requests-mine"),
    path("track/accept/", following.accept_quote, name="requests-accept-quote"),
    path("track/withdraw/", following.withdraw, name="requests-withdraw"),
    path("track/download/", following.download_own, name="requests-own-download"),
    path("track/language/", following.set_language, name="requests-language"),
    path("track/finish/", following.finish, name="requests-finish"),
    path("download/<str:secret>/", following.download, name="requests-download"),
    path("<slug:slug>/", asking.service, name="requests-service"),
]
