"""What columns are called, in files of many makers; and the words they use for a status."""

from app.ideas.models import IdeaStatus
from app.kit.i18n import lazy_gettext as _l

# Our name first; the others count where our name is not in the heading.
IDEA_COLUMNS: dict[str, tuple[str, ...]] = {
    "external_id": ("id", "nr", "nummer", "kennung", "externe id"),
    "title": ("titel", "überschrift", "betreff"),
    "text": ("beschreibung", "vorschlag", "description", "body", "problem"),
    "summary": ("zusammenfassung", "kurzfassung"),
    "solution": ("lösung",),
    "benefit": ("nutzen",),
    "category": ("kategorie", "thema"),
    "created_at": ("datum", "erstellt", "erstellt am", "eingereicht am", "date", "created"),
    "source_url": ("url", "link", "adresse"),
    "author_name": ("name", "autor", "autorin", "verfasst von", "author"),
    "place": ("ort", "gemeinde", "ags"),
    "lat": ("breite", "breitengrad", "latitude", "y"),
    "lon": ("länge", "längengrad", "longitude", "lng", "x"),
    "support": ("stimmen", "unterstützungen", "zustimmung", "votes", "likes"),
    "status": ("stand",),
    "answer": ("antwort", "stellungnahme"),
    "visibility": ("sichtbarkeit",),
    "source": ("quelle",),
}
REQUIRED_OF_IDEAS = ("external_id", "title", "text")
COMMENT_COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("external_id", "nr", "nummer", "kennung"),
    "parent_id": ("parent", "antwort auf", "übergeordnet"),
    "text": ("kommentar", "beschreibung", "comment", "body"),
    "author_name": ("name", "autor", "autorin", "verfasst von", "author"),
    "created_at": ("datum", "erstellt", "erstellt am", "date", "created"),
    "up": ("dafür", "pro", "likes", "upvotes"),
    "down": ("dagegen", "contra", "dislikes", "downvotes"),
}
REQUIRED_OF_COMMENTS = ("id", "text")
# What pages call them.
COLUMN_WORDS = {
    "external_id": _l("Kennung"),
    "id": _l("Kennung"),
    "parent_id": _l("Antwort auf"),
    "title": _l("Titel"),
    "text": _l("Text"),
    "summary": _l("Kurzfassung"),
    "solution": _l("Lösung"),
    "benefit": _l("Nutzen"),
    "category": _l("Kategorie"),
    "created_at": _l("Datum"),
    "source_url": _l("Adresse"),
    "author_name": _l("Name"),
    "place": _l("Ort"),
    "lat": _l("Breite"),
    "lon": _l("Länge"),
    "support": _l("Stimmen"),
    "status": _l("Stand"),
    "answer": _l("Antwort"),
    "visibility": _l("Sichtbarkeit"),
    "source": _l("Quelle"),
    "up": _l("Dafür"),
    "down": _l("Dagegen"),
}
TOPIC_COLUMNS: dict[str, tuple[str, ...]] = {"category": ("kategorie",), "topic": ("handlungsfeld",)}
PUBLIC = ("", "public", "öffentlich", "published")

STATUS_WORDS: dict[IdeaStatus, tuple[str, ...]] = {
    IdeaStatus.IN_DISCUSSION: (
        "submitted", "eingereicht", "neu", "new", "offen", "open", "in diskussion", "diskussion", "veröffentlicht",
        "discussion", "published", "active", "aktiv",
    ),
    IdeaStatus.UNDER_REVIEW: (
        "in prüfung", "wird geprüft", "prüfung", "in bearbeitung", "review", "evaluating", "evaluation", "pending",
    ),
    IdeaStatus.SHORTLISTED: ("engere auswahl", "vorausgewählt", "accepted", "angenommen", "selected", "ausgewählt"),
    IdeaStatus.PROJECT: ("projekt", "wird ein projekt", "in umsetzung", "wird umgesetzt", "in progress", "planned"),
    IdeaStatus.REALISED: ("umgesetzt", "realisiert", "erledigt", "abgeschlossen", "realized", "done", "completed"),
    IdeaStatus.NOT_PURSUED: (
        "nicht weiterverfolgt", "abgelehnt", "nicht umsetzbar", "zurückgewiesen", "rejected", "declined", "closed",
        "geschlossen",
    ),
}  # fmt: skip


def status_of(words: str) -> str:
    """The status that words of a source mean; empty if they are unknown."""
    wanted = " ".join(words.replace("_", " ").casefold().split())
    for status in IdeaStatus:
        if wanted in {status.value.replace("_", " "), *STATUS_WORDS.get(status, ())}:
            return (IdeaStatus.IN_DISCUSSION if status is IdeaStatus.SUBMITTED else status).value
    return ""
