"""URLs of firearms licensing for the public."""

from django.urls import path

from bluelamp.web.public.firearms import (
    account,
    apply,
    check,
    confirm,
    holder,
    letters,
    my,
    notices,
    one_login,
    referees,
    start,
    withdraw,
)

urlpatterns = [
    path("check/<str:code>/", check.check_certificate, name="check-certificate"),
    path("", start.start, name="firearms"),
    path("apply/", start.choose_kind, name="firearms-apply"),
    path("done/", start.done, name="firearms-done"),
    path("confirm/", confirm.confirm, name="firearms-confirm"),
    path("form/", apply.tasks, name="firearms-form"),
    path("form/check/", apply.check, name="firearms-form-check"),
    path("form/pages/<slug:page_id>/", apply.ask_page, name="firearms-form-page"),
    path("form/pages/<slug:page_id>/save", apply.save_page, name="firearms-form-save"),
    path("form/pages/<slug:page_id>/<int:row>/", apply.ask_page, name="firearms-form-page"),
    path("form/pages/<slug:page_id>/<int:row>/save", apply.save_page, name="firearms-form-save"),
    path("form/rows/<slug:section_id>/", apply.list_rows, name="firearms-form-rows"),
    path("form/files/<uuid:item_id>/", apply.picture, name="firearms-form-picture"),
    path("my/", my.start, name="firearms-my"),
    path("my/code/", my.code, name="firearms-my-code"),
    path("my/application/", my.application, name="firearms-application"),
    path("my/withdraw/", withdraw.withdraw, name="firearms-withdraw"),
    path("my/pay/", my.pay, name="firearms-my-pay"),
    path("my/licences/", holder.licences, name="firearms-licences"),
    path("my/licences/<str:number>/<slug:kind>/", holder.change, name="firearms-change"),
    path("my/letters/<uuid:decision_id>/", letters.letter, name="firearms-letter"),
    path("my/language/", holder.set_language, name="firearms-language"),
    path("my/renew/", holder.renew, name="firearms-renew"),
    path("my/tell/<slug:kind>/", notices.tell, name="firearms-tell"),
    path("my/referee/<uuid:referee_id>/", my.referee, name="firearms-my-referee"),
    # Signing out is the same for both ways of signing in.
    path("my/finish/", one_login.sign_out, name="firearms-finish"),
    path("account/", account.licences, name="firearms-account"),
    path("account/add/", account.add_application, name="firearms-account-add"),
    path("account/add/code/", account.code, name="firearms-account-code"),
    path(
        "account/<uuid:application_id>/", account.open_application, name="firearms-account-choose"
    ),
    path("one-login/", one_login.start, name="firearms-one-login"),
    path("one-login/callback/", one_login.receive_answer, name="firearms-one-login-callback"),
    path("one-login/signed-out/", one_login.receive_notice, name="firearms-one-login-notice"),
    path("referee/<str:token>/", referees.start, name="firearms-referee"),
    path("referee/<str:token>/check/", referees.check, name="firearms-referee-check"),
    path("referee/<str:token>/<slug:page_id>/", referees.ask_page, name="firearms-referee-page"),
    path(
        "referee/<str:token>/<slug:page_id>/save", referees.save_page, name="firearms-referee-save"
    ),
]
