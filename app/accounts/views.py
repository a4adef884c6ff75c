"""A person's own page, leaving, and public profiles."""

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from app.accounts import commands, queries
from app.accounts.forms import DeleteAccountForm, LanguageForm
from app.kit import drafts, personal_data
from app.kit.access import access, anyone, current_actor, signed_in
from app.kit.guest_pages import kept_for_guests
from app.kit.i18n import gettext as _
from app.kit.web import notify, redirect_to

bp = Blueprint("accounts", __name__)


@bp.get("/account")
@access(signed_in)
def show() -> ResponseReturnValue:
    return _own_page(LanguageForm(formdata=None, language=current_user.language))


@bp.post("/account/language")
@access(signed_in)
def speak() -> ResponseReturnValue:
    form = LanguageForm()
    if not form.validate():
        return _own_page(form), 422
    commands.speak(current_user, form.language.data)
    notify(_("Gespeichert. In dieser Sprache schreiben wir Ihnen ab jetzt."))
    return redirect_to(url_for(".show"))


@bp.get("/account/data.json")
@access(signed_in)
def export() -> Response:
    response = jsonify(personal_data.export_all(current_actor().id))
    response.headers["Content-Disposition"] = "attachment; filename=meine-daten.json"
    return response


@bp.route("/account/delete", methods=["GET", "POST"])
@access(signed_in)
def delete() -> ResponseReturnValue:
    form = DeleteAccountForm()
    if not form.validate_on_submit():
        return render_template("accounts/delete.html", form=form), 422 if request.method == "POST" else 200
    commands.delete_account(current_user, by=current_actor())
    logout_user()
    notify(_("Ihr Konto ist gelöscht. Was Sie geschrieben haben, steht ohne Ihren Namen weiter da."))
    return redirect_to(url_for("home.index"))


@bp.get("/people/<handle>")
@access(anyone)
@kept_for_guests
def person(handle: str) -> ResponseReturnValue:
    return render_template("accounts/person.html", person=queries.person_by_handle(handle))


def _own_page(form: LanguageForm) -> str:
    own = current_actor()
    return render_template("accounts/show.html", user=own, drafts=drafts.drafts_of(own), form=form)
