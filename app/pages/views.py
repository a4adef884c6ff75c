"""Reading the pages, and editing them with preview and versions."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kit import drafts
from app.kit.access import access, anyone, current_actor
from app.kit.differences import differences
from app.kit.guest_pages import kept_for_guests
from app.kit.i18n import LANGUAGES, language
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.text import document
from app.kit.web import htmx, notify, redirect_to
from app.pages import commands, policy, queries
from app.pages.forms import PageForm
from app.pages.models import KEYS
from app.pages.queries import PageText
from app.subjects import registry

bp = Blueprint("pages", __name__)
TEXT = f"/admin/pages/<any({', '.join(KEYS)}):key>/<any({', '.join(LANGUAGES)}):code>"


@bp.get(f"/<any({', '.join(KEYS)}):key>")
@access(anyone)
@kept_for_guests
def show(key: str) -> ResponseReturnValue:
    text = queries.text_for_reader(key, language())
    return render_template("pages/show.html", text=text, document=document(text.body))


@bp.get("/admin/pages")
@access(policy.can_edit)
def index() -> ResponseReturnValue:
    texts = queries.newest_texts()
    editors = _editors([text for by_language in texts.values() for text in by_language.values()])
    return render_template("pages/index.html", texts=texts, words=KEYS, editors=editors)


@bp.get(TEXT)
@access(policy.can_edit)
def edit(key: str, code: str) -> ResponseReturnValue:
    return _edit_page(PageForm.filled(queries.newest_text(key, code)))


@bp.post(TEXT)
@access(policy.can_edit, keeps=True)
def save(key: str, code: str) -> ResponseReturnValue:
    form = PageForm().of(queries.newest_text(key, code))
    if not form.validate():
        return _edit_page(form), 422
    commands.edit_page(form.to_text(), based_on=form.newest.number, by=current_actor())
    drafts.discard_draft(request.form.get("draft_token"), by=current_actor())
    notify(_("Gespeichert. So lesen es ab jetzt alle."))
    return redirect_to(url_for(".show", key=key) if code == language() else url_for(".edit", key=key, code=code))


@bp.post(f"{TEXT}/preview")
@limiter.limit("240/minute")
@access(policy.can_edit, keeps=True)
def preview(key: str, code: str) -> ResponseReturnValue:
    """How the page would look: htmx gets it alone, anyone else the form again with it; nothing is saved."""
    form = PageForm().of(queries.newest_text(key, code))
    text = form.to_text()
    if htmx:
        return render_template("pages/_preview.html", text=text, document=document(text.body))
    return _edit_page(form, preview=text)


@bp.get(f"{TEXT}/versions/<id:number>")
@access(policy.can_edit)
def version(key: str, code: str, number: int) -> ResponseReturnValue:
    text = queries.version(key, code, number)
    before = queries.version(key, code, number - 1) if number else None
    return render_template(
        "pages/version.html",
        text=text,
        document=document(text.body),
        newest=queries.newest_text(key, code),
        changes=differences(f"{before.title}\n{before.body}", f"{text.title}\n{text.body}") if before else None,
        editors=_editors([text]),
        word=KEYS[key],
    )


@bp.post(f"{TEXT}/versions/<id:number>/restoration")
@access(policy.can_edit)
def restore(key: str, code: str, number: int) -> ResponseReturnValue:
    text = queries.version(key, code, number)
    commands.restore_version(text, by=current_actor())
    notify(_("Version %(number)s gilt wieder.", number=number))
    return redirect_to(url_for(".edit", key=key, code=code))


def _edit_page(form: PageForm, *, preview: PageText | None = None) -> str:
    newest = form.newest
    versions = queries.versions(newest.key, newest.language)
    typed = f"{form.title.data or ''}\n{form.body.data or ''}"
    return render_template(
        "pages/form.html",
        form=form,
        newest=newest,
        versions=versions,
        editors=_editors(versions),
        preview=preview or newest,
        document=document((preview or newest).body),
        conflict=differences(f"{newest.title}\n{newest.body}", typed) if form.is_stale else None,
        word=KEYS[newest.key],
    )


def _editors(texts: Any) -> dict[int, Any]:
    """Who wrote these versions, by id; whoever has left is there under the words for that."""
    return registry.load_many(current_actor(), {text.author_id for text in texts if text.author_id})
