"""Making a project, telling its result."""

from app.kit.forms import Form, area, line
from app.kit.i18n import lazy_gettext as _l
from app.projects.commands import ProjectText


class ProjectForm(Form):
    """What the project is, and why the idea becomes one."""

    title = line(_l("Titel"), required=_l("Geben Sie dem Projekt einen Titel."), most=110)
    summary = area(_l("In einem Satz"), required=_l("Sagen Sie in einem Satz, was entsteht."), most=240, rows=2)
    description = area(_l("Was ist geplant?"), required=_l("Beschreiben Sie, was geplant ist."))
    reason = area(
        _l("Begründung"), required=_l("Begründen Sie, warum aus der Idee ein Projekt wird."), most=500, rows=3
    )

    def to_text(self) -> ProjectText:
        return ProjectText(
            title=self.title.data or "",
            summary=" ".join((self.summary.data or "").split()),
            description=self.description.data or "",
            reason=self.reason.data or "",
        )


class UpdateForm(Form):
    """News of a project."""

    title = line(_l("Überschrift"), most=110)
    body = area(_l("Was gibt es Neues?"), required=_l("Schreiben Sie, was es Neues gibt."), most=6000, rows=6)


class OutcomeForm(Form):
    """What became of a project."""

    outcome = area(
        _l("Was ist daraus geworden?"),
        required=_l("Erzählen Sie in ein paar Sätzen, was daraus geworden ist."),
        most=4000,
    )
