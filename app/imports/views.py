"""Imports for administrators: a file, a look at it, a yes, progress, a report; and exports."""

from collections.abc import Sequence
from functools import partial
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.imports import jobs as own_jobs
from app.imports import policy
from app.imports.commands import runs
from app.imports.forms.columns import COLUMN_WORDS
from app.imports.forms.upload import UploadForm, chosen_topics, topic_options
from app.imports.models import ImportProblem, ImportRun
from app.imports.queries import export
from app.imports.queries import runs as queries
from app.kit import jobs, storage, table_files
from app.kit.access import access, current_actor
from app.kit.db import after_commit
from app.kit.errors import DomainError
from app.kit.i18n import gettext as _
from app.kit.said import say
from app.kit.tables import TableError
from app.kit.web import htmx, notify, redirect_to, settings
from app.subjects import registry
from app.topics.queries import all_topics

bp = Blueprint("imports", __name__, url_prefix="/admin")
ASKED = 100
REPORTED = ("row", "external_id", "title", "column", "words", "outcome")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl; charset=utf-8",
}


@bp.get("/imports")
@access(policy.can_run)
def index() -> ResponseReturnValue:
    return _list_page(UploadForm(formdata=None))


@bp.post("/imports")
@access(policy.can_run)
def create() -> ResponseReturnValue:
    form = UploadForm().offer(queries.challenges_to_answer())
    content, name = form.content()
    target = _checked(form, content, name)
    if target is None:
        return _list_page(form), 422
    key = f"{storage.new_stem()}{_ending(content)}"
    storage.save(key, content)
    source = form.source.data or ""
    run = runs.open_run(form.kind.data, target, system=source, file_name=name, storage_key=key, by=current_actor())
    _work_on(run)
    return redirect_to(url_for(".show", run_id=run.id))


@bp.get("/imports/<id:run_id>")
@access(policy.can_run, of=queries.run_for)
def show(run: ImportRun) -> ResponseReturnValue:
    columns, rows = _preview(run)
    return render_template("imports/show.html", **_told(run), columns=columns, rows=rows)


@bp.get("/imports/<id:run_id>/progress")
@access(policy.can_run, of=queries.run_for)
def progress(run: ImportRun) -> ResponseReturnValue:
    """The bar alone; once there is nothing to wait for, the whole page comes."""
    if not htmx:
        return redirect_to(url_for(".show", run_id=run.id))
    answer = current_app.make_response(render_template("imports/_progress.html", run=run))
    if not run.is_working:
        answer.headers["HX-Refresh"] = "true"
    return answer


@bp.post("/imports/<id:run_id>/start")
@access(policy.can_run, of=queries.run_for)
def start(run: ImportRun) -> ResponseReturnValue:
    chosen = chosen_topics(_categories(run), queries.topic_ids())
    runs.begin(run, run.topics | dict(chosen), by=current_actor())
    _work_on(run)
    return redirect_to(url_for(".show", run_id=run.id))


@bp.post("/imports/<id:run_id>/end")
@access(policy.can_run, of=queries.run_for)
def end(run: ImportRun) -> ResponseReturnValue:
    runs.give_up(run.id, say("Von Hand beendet."), by=current_actor())
    notify(_("Der Import ist beendet. Was schon da ist, bleibt."))
    return redirect_to(url_for(".index"))


@bp.get("/imports/<id:run_id>/report.<kind>")
@access(policy.can_run, of=queries.run_for)
def report(run: ImportRun, kind: str) -> ResponseReturnValue:
    if kind not in ("csv", "xlsx"):
        abort(404)
    rows = [table_files.for_eyes(_report_row(problem)) for problem in queries.problems_of(run.id, None)]
    content = b"".join(table_files.write(rows, REPORTED, kind))
    mark = b"\xef\xbb\xbf" if kind == "csv" else b""
    return _download(mark + content, kind, _("bericht-%(number)s", number=run.id))


@bp.get("/exports/ideas.<kind>")
@access(policy.can_run)
def export_ideas(kind: str) -> ResponseReturnValue:
    if kind not in table_files.FORMATS:
        abort(404)
    rows = export.idea_rows(zone=ZoneInfo(settings().timezone), base_url=settings().base_url)
    return _download(b"".join(table_files.write(rows, export.COLUMNS, kind)), kind, _("ideen"))


def _checked(form: UploadForm, content: bytes, name: str) -> int | None:
    """The id of what the file is about, if file and form are in order; else what is wrong stands at the fields."""
    good, target = form.validate(), None
    errors = {}
    try:
        target = queries.target_of(current_actor(), form.kind.data, form.target).id
    except DomainError as error:
        errors[form.target_field] = error.message or _("Unter dieser Nummer gibt es nichts, was Kommentare hat.")
    try:
        queries.open_file(content, name, form.kind.data)
    except TableError as error:
        errors["file"] = str(error) if name else _("Wählen Sie eine Datei.")
    form.add_errors(errors)
    return target if good and not errors else None


def _ending(content: bytes) -> str:
    return ".xlsx" if content.startswith(b"PK") else ".csv"


def _work_on(run: ImportRun) -> None:
    after_commit(partial(jobs.enqueue, own_jobs.work_on, run.id))


def _list_page(form: UploadForm) -> str:
    page = queries.list_runs(request.args.get("after"))
    form.offer(queries.challenges_to_answer())
    return render_template("imports/index.html", form=form, page=page, most=settings().max_upload_mb)


def _preview(run: ImportRun) -> tuple[Sequence[str], Sequence[object]]:
    if run.has_ended or not run.storage_key or not storage.path_of(run.storage_key).exists():
        return [], []
    return queries.preview(storage.path_of(run.storage_key).read_bytes(), run.file_name, run.kind)


def _told(run: ImportRun) -> dict[str, object]:
    """What the page of a run says of it."""
    return {
        "run": run,
        "target": registry.load_many(current_actor(), [run.target_id]).get(run.target_id),
        "problems": queries.problems_of(run.id),
        "problem_count": queries.problem_count(run.id),
        "categories": [(category, run.categories[category]) for category in _categories(run)],
        "options": topic_options(all_topics()),
        "column_words": COLUMN_WORDS,
    }


def _categories(run: ImportRun) -> list[str]:
    """The categories in the order the page asks about them: most frequent first, as many as a form can hold."""
    return sorted(run.categories, key=lambda category: (-run.categories[category], category))[:ASKED]


def _report_row(problem: ImportProblem) -> dict[str, str]:
    outcome = _("nicht übernommen") if problem.is_left_out else _("trotzdem übernommen")
    which = {"row": str(problem.row), "external_id": problem.external_id, "title": problem.title}
    return which | {"column": problem.column, "words": problem.in_words, "outcome": outcome}


def _download(content: bytes, kind: str, name: str) -> Response:
    disposition = f'attachment; filename="{name}.{kind}"'
    return Response(content, content_type=TYPES[kind], headers={"Content-Disposition": disposition})
