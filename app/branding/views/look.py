"""The page where an administrator changes the look."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.branding import commands, policy, queries
from app.branding.forms import LookForm
from app.branding.views.blueprint import bp
from app.branding.views.files import colour_of, sheet_src
from app.kit import palette
from app.kit.access import access, current_actor
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.web import notify, redirect_to


@bp.get("/admin/appearance")
@access(policy.can_edit)
def edit() -> ResponseReturnValue:
    return _page(LookForm.filled(queries.current_look()))


@bp.post("/admin/appearance")
@access(policy.can_edit)
def save() -> ResponseReturnValue:
    form = LookForm().of(queries.current_look())
    is_right = form.check()
    commands.keep_logos(form.pictures, by=current_actor())
    if not is_right or form.partners.asks_for_more:
        return _page(form), 200 if is_right else 422
    commands.save_look(form.to_look(), based_on=form.newest.version, by=current_actor())
    notify(_("Gespeichert. So sieht die Plattform ab jetzt für alle aus."))
    return redirect_to(url_for(".edit"))


@bp.post("/admin/appearance/preview")
@limiter.limit("60/minute")
@access(policy.can_edit)
def preview() -> ResponseReturnValue:
    """The form again, with how it would look; nothing is saved."""
    form = LookForm().of(queries.current_look())
    is_right = form.check()
    commands.keep_logos(form.pictures, by=current_actor())
    return _page(form), 200 if is_right else 422


def _page(form: LookForm) -> str:
    look = form.to_look()
    colour = colour_of(look.colour)
    sheet = sheet_src("branding-preview", look.colour)
    return render_template("branding/form.html", form=form, look=look, palette=palette.palette(colour), sheet=sheet)
