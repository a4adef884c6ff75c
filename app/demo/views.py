"""The style guide: every component in every state. It exists where people develop, not in production."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from app.accounts.forms import DeleteAccountForm
from app.branding.models import Look
from app.demo import queries
from app.demo.forms import LogoSample, SampleForm, SampleRow
from app.kit.access import access, anyone
from app.kit.covers import HUES
from app.kit.identity import identity
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
        looks=looks(),
        logos=LogoSample.sample(identity().logo),
        door=DeleteAccountForm(formdata=None, prefix="tuer-"),
    )


def looks() -> list[Look]:
    """A look with every part, without a logo; and the one of this site, if that has one."""
    full = Look(name=queries.LONG[:60], claim=queries.LONG, shows_eu=True, hero_title="Döbeln denkt weiter")
    own: Look = identity()
    return [full, own] if own.logo else [full]
