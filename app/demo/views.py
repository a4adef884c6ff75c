"""The style guide: every component in every state. It exists where people develop, not in production."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from app.accounts.forms import DeleteAccountForm
from app.demo import queries
from app.demo.forms import SampleForm, SampleRow
from app.kit.access import access, anyone
from app.kit.covers import HUES
from app.kit.web import settings

bp = Blueprint("demo", __name__)


@bp.get("/styleguide")
@access(anyone)
def styleguide() -> ResponseReturnValue:
    if settings().is_production:
        abort(404)
    return render_template(
        "demo/styleguide.html",
        samples=queries,
        hues=HUES,
        empty_form=SampleForm.sample("leer-"),
        wrong_form=SampleForm.sample("falsch-", wrong=True),
        row_samples=[SampleRow.sample("reihe", queries.LONG), SampleRow.sample("falsche-reihe", "", "x", wrong=True)],
        door=DeleteAccountForm(formdata=None, prefix="tuer-"),
    )
