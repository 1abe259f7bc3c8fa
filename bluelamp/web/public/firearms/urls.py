"""URLs of firearms licensing for the public."""

from django.urls import path

from bluelamp.web.public.firearms import apply, check, my, referees, start

urlpatterns = [
    path("check/<str:code>/", check.check_certificate, name="check-certificate"),
    path("", start.start, name="firearms"),
    path("apply/", start.choose, name="firearms-apply"),
    path("done/", start.done, name="firearms-done"),
    path("form/", apply.tasks, name="firearms-form"),
    path("form/check/", apply.check, name="firearms-form-check"),
    path("form/pages/<slug:page_id>/", apply.page, name="firearms-form-page"),
    path("form/pages/<slug:page_id>/save", apply.save, name="firearms-form-save"),
    path("form/pages/<slug:page_id>/<int:row>/", apply.page, name="firearms-form-page"),
    path("form/pages/<slug:page_id>/<int:row>/save", apply.save, name="firearms-form-save"),
    path("form/rows/<slug:section_id>/", apply.rows, name="firearms-form-rows"),
    path("form/files/<uuid:item_id>/", apply.picture, name="firearms-form-picture"),
    path("my/", my.start, name="firearms-my"),
    path("my/code/", my.code, name="firearms-my-code"),
    path("my/application/", my.application, name="firearms-application"),
    path("my/pay/", my.pay, name="firearms-my-pay"),
    path("my/renew/", my.renew, name="firearms-renew"),
    path("my/referee/<uuid:referee_id>/", my.referee, name="firearms-my-referee"),
    path("my/finish/", my.finish, name="firearms-finish"),
    path("referee/<str:token>/", referees.start, name="firearms-referee"),
    path("referee/<str:token>/check/", referees.check, name="firearms-referee-check"),
    path("referee/<str:token>/<slug:page_id>/", referees.page, name="firearms-referee-page"),
    path("referee/<str:token>/<slug:page_id>/save", referees.save, name="firearms-referee-save"),
]
