"""Serving pictures and files, as visible as what they belong to; the rows of a form, without and with htmx."""

from typing import Any

from flask import Blueprint, Response, abort, flash, g, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app.attachments import policy, queries
from app.attachments.commands import describe_loose, keep_uploads
from app.attachments.forms import UploadField, UploadForm
from app.attachments.models import File, Picture
from app.kit import documents, drafts, storage
from app.kit.access import access, anyone, current_actor
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.limits import limiter
from app.kit.web import MAX_ID, htmx, redirect_to, safe_next
from app.subjects import registry

bp = Blueprint("attachments", __name__)
# Never shown, whatever a browser makes of it: a download of its own kind, and a sandbox if it is opened all the same.
DOWNLOAD = {"Content-Security-Policy": "sandbox; default-src 'none'", "Cross-Origin-Resource-Policy": "same-origin"}
PREVIEW = "preview"


def _picture(reader: Actor, picture_id: int) -> Picture:
    return queries.picture_for(reader, picture_id, request.args.get(PREVIEW, ""))


def _file(reader: Actor, file_id: int) -> File:
    return queries.file_for(reader, file_id, request.args.get(PREVIEW, ""))


@bp.get("/pictures/<id:picture_id>/<id:width>.<any(webp, avif):kind>")
@access(anyone, of=_picture)
def picture(picture: Picture, width: int, kind: str) -> Response:
    if width not in picture.widths or kind not in picture.formats:
        abort(404)
    # Asked anew each time (ETag answers 304): a hidden idea's picture is gone the same second.
    path = storage.path_of(picture.key(width, kind))
    return send_file(path, mimetype=f"image/{kind}", etag=f"{picture.stem[3:]}-{width}-{kind}", max_age=0)


@bp.get("/files/<id:file_id>")
@access(anyone, of=_file)
def download(file: File) -> Response:
    path, kind = storage.path_of(file.key), documents.MEDIA[file.kind]
    etag = file.key.replace("/", "")
    response = send_file(path, kind, as_attachment=True, download_name=file.name, etag=etag, max_age=0)
    response.headers.update(DOWNLOAD)
    return response


@bp.post("/uploads/<any(picture, file):what>")
@limiter.limit("60/minute")
@access(policy.can_upload, keeps=True)
def arrange(what: str) -> ResponseReturnValue:
    """Take in what was chosen and do what the rows' buttons say; the subject changes when its form is sent."""
    form = UploadForm()
    form.about(_subject_id())
    field: UploadField = form[what]
    field.validate(form)
    keep_uploads(field, by=current_actor())
    field.press(request.form.get("arrange", ""))
    if htmx:
        return render_template(f"attachments/_{what}.html", f=field)
    return _back_to(form, field)


def _subject_id() -> int | None:
    """The subject whose form this is, if this person may see it; nothing is changed here."""
    text = request.form.get("about", "")
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:20]) <= MAX_ID:
        return None
    return int(registry.load(current_actor(), int(text)).id)


def _back_to(form: UploadForm, field: UploadField) -> Response:
    """To the form, with all that was typed in a draft."""
    actor = current_actor()
    describe_loose(field.current, by=actor)
    fields = [
        (name, value) for name, value in drafts.typed_fields(request.form) if name not in ("form_address", "arrange")
    ]
    address = safe_next(request.form.get("form_address"), "/")
    title, token = request.form.get("title") or _("Ohne Titel"), request.form.get("draft_token")
    draft = drafts.save_draft(form.with_rows(fields), address=address, title=title, by=actor, token=token)
    for message in field.errors:
        flash(message, "error")
    return redirect_to(drafts.page_of(draft, anchor=f"{field.name}-rows"))


def picture_src(picture: Picture, width: int) -> str:
    """The address of the file nearest to a width in pixels, not smaller where there is one."""
    fitting = [own for own in picture.widths if own >= width]
    return _address(picture, min(fitting) if fitting else max(picture.widths))


def picture_srcset(picture: Picture, kind: str = "webp") -> str:
    """The `srcset` of all its files of one format; empty where there are none."""
    widths = picture.widths if kind in picture.formats else []
    return ", ".join(f"{_address(picture, width, kind)} {width}w" for width in widths)


def _address(picture: Picture, width: int, kind: str = "webp") -> str:
    return url_for("attachments.picture", picture_id=picture.id, width=width, kind=kind, **_passage(picture))


def file_href(file: File) -> str:
    """The address a file is downloaded from."""
    return url_for("attachments.download", file_id=file.id, **_passage(file))


def show_by_preview(subject_id: int, token: str) -> None:
    """Let the addresses of a subject's pictures and files on this page carry the token of its preview link."""
    g.shown_by_preview = (subject_id, token)


def _passage(thing: Picture | File) -> dict[str, Any]:
    subject_id, token = g.get("shown_by_preview", (None, ""))
    return {PREVIEW: token} if token and thing.subject_id == subject_id else {}


def file_kind(kind: str) -> str:
    """What kind of file it is, in the reader's language."""
    return str(documents.KINDS[kind])
