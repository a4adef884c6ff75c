"""What the style guide shows: invented things in every state a component knows. Nothing here is in the database."""

from datetime import timedelta
from itertools import cycle
from types import SimpleNamespace as Sample
from typing import Any

from app.ideas.activities import STATUS_LOOK
from app.ideas.queries import IdeaFilter, PictureOfCard, top_ideas
from app.kit import clock
from app.kit.charts import Bar, bars_over_time
from app.kit.covers import HUES, family_of
from app.kit.differences import differences
from app.kit.filters import Group, Option
from app.kit.text import document
from app.pages.queries import PageText
from app.subjects.journey import ChainStep, JourneyStep

LONG = "Straßenbahnhaltestellenwartehäuschenverschönerungsinitiative am Käthe-Kollwitz-Ufer für alle, die lange warten"
TEXT = "Wer auf den Bus wartet, soll sitzen können: *überall*, auch im kleinsten Ort."
CHAIN = ("challenge", "idea", "project", "campaign", "result")
WORDS = ("Warten ohne Bank", "Eine Bank an jeder Haltestelle", "Bank-Werkstatt", "Beispiel", "")
MARKS = ("mountain", "lightbulb", "sprout", "hand-coins", "flag")
STATES = ("pending", "hidden", "withdrawn", "deleted")
STEPS = ("challenge", "idea", "project", "campaign", "result", "quiet", "danger")
PROJECT_STATUSES = ("running", "funding", "realised")


def covers() -> list[tuple[str, int]]:
    """The name of each motif with an id that draws it."""
    ids: dict[str, int] = {}
    for number in range(1, 200):
        ids.setdefault(family_of(number).__name__, number)
    return sorted(ids.items())


def ideas() -> list[tuple[Any, bool]]:
    """Cards of ideas, each with whether the reader supports it: every status and state, long and bare ones."""
    found = [(idea(number, status=status), False) for number, status in enumerate(STATUS_LOOK, start=900_001)]
    found[1:1] = [(idea(900_020, title="Von Ihnen unterstützt", supporters_count=1_234, place=place()), True)]
    found += [(idea(900_030 + number, state=state), False) for number, state in enumerate(STATES[:3])]
    found += [
        (idea(900_040, title=LONG, summary=LONG * 3, place=place(LONG), author_label=LONG[:60]), False),
        (idea(900_041, title="x", summary="", author_label=""), False),
        (
            idea(
                900_042, title="Beendet", accepts_support=False, status="realised", public_challenge=challenge(900_100)
            ),
            False,
        ),
    ]
    return found


def idea(number: int, **more: Any) -> Any:
    """An idea as its card shows it."""
    values: dict[str, Any] = {"kind": "idea", "id": number, "slug": "idee", "title": "Eine Bank an jeder Haltestelle"}
    values |= {"summary": TEXT, "state": "published", "status": "in_discussion", "accepts_support": True}
    values |= {"supporters_count": 42, "comments_count": 7, "author_label": "Juna Winkler", "author_id": 0}
    values |= {"challenge": None, "challenge_id": None, "public_challenge": None, "pictures": []}
    values |= {"place": None, "topic": None, "voice": None}
    return Sample(**(values | more))


def challenges() -> list[Any]:
    """Cards of challenges: open, open until a day, closed, waiting, long."""
    soon = clock.now() + timedelta(days=9)
    return [
        challenge(900_110),
        challenge(
            900_111, ends_at=soon, last_day=soon, days_left=9, place=place(), voice=organisation(), ideas_count=1
        ),
        challenge(900_112, is_open=False, standing="closed", last_day=soon - timedelta(days=12), ideas_count=1_234),
        challenge(900_115, is_open=False, standing="answered", ideas_count=64),
        challenge(900_113, state="pending", ideas_count=0),
        challenge(900_114, title=LONG, summary=LONG * 2),
    ]


def challenge(number: int, **more: Any) -> Any:
    """A challenge as its card shows it."""
    values: dict[str, Any] = {"kind": "challenge", "id": number, "slug": "warten", "title": "Warten ohne Bank"}
    values |= {"summary": TEXT, "state": "published", "is_open": True, "ends_at": None, "last_day": None}
    values |= {"standing": "open", "running_phases": [], "days_left": None, "next_change": None}
    return Sample(**(values | {"ideas_count": 12, "place": None, "topic": None, "voice": None, "pictures": []} | more))


def projects() -> list[Any]:
    """Cards of projects in each status."""
    values: dict[str, Any] = {"kind": "project", "slug": "bank", "title": "Bank-Werkstatt", "summary": TEXT}
    values |= {"state": "published", "supporters_count": 312, "place": place(), "topic": None, "pictures": []}
    return [
        Sample(**(values | {"id": 900_200 + number, "status": status}))
        for number, status in enumerate(PROJECT_STATUSES)
    ]


def campaigns() -> list[tuple[str, Any]]:
    """Crowdfunding: beginning, halfway, over the goal, on its last day, ended, not begun."""
    cases = {"am Anfang": (0, 30), "halb": (1_200_000, 12), "über dem Ziel": (3_100_050, 5)}
    cases |= {"letzter Tag": (900_000, 1), "beendet": (2_400_000, 0), "läuft noch nicht": (0, 40)}
    return [(name, campaign(*numbers, is_running=not name.startswith(("b", "lä")))) for name, numbers in cases.items()]


def campaign(raised_cents: int, days_left: int, *, is_running: bool = True) -> Any:
    """A campaign of 24,000 euros."""
    end = clock.today() + timedelta(days=max(days_left - 1, 0))
    values: dict[str, Any] = {"goal_cents": 2_400_000, "raised_cents": raised_cents, "currency": "EUR"}
    values |= {"backers_count": raised_cents // 6_000, "days_left": days_left, "is_running": is_running}
    values |= {"starts_on": clock.today(), "ends_on": end, "as_of": clock.now(), "platform": "Beispiel"}
    return Sample(**values, percent=raised_cents // 24_000)


def chains() -> list[list[ChainStep]]:
    """The breadcrumb seen from each place of the chain."""
    return [[_chain_step(place, here) for place in range(len(CHAIN))] for here in range(len(CHAIN))]


def journey() -> list[JourneyStep]:
    """Steps that are done, where it stands, and what is ahead."""
    at = clock.now() - timedelta(days=40)
    return [
        JourneyStep("challenge", "mountain", "Herausforderung veröffentlicht", "done", at, "Juna Winkler", "", "/"),
        JourneyStep("idea", "lightbulb", "Eingereicht", "done", at + timedelta(days=9), "Anton Böhme"),
        JourneyStep("idea", "search", "Wird geprüft", "done", at + timedelta(days=12), "Ruth Kretzschmar", LONG),
        JourneyStep(
            "project", "sprout", "Wird ein Projekt", "now", at + timedelta(days=20), "", "Weil viele mitmachen."
        ),
        JourneyStep("campaign", "hand-coins", "Als Nächstes: Crowdfunding", "ahead"),
        JourneyStep("result", "flag", "Ergebnis", "ahead"),
    ]


def bars() -> list[Bar]:
    """Supports over a month, with a quiet week."""
    first = clock.today() - timedelta(days=30)
    return bars_over_time([(first + timedelta(days=n), (n * 7) % 11) for n in range(30) if n // 7 != 2], clock.today())


def story() -> list[JourneyStep]:
    """The way told across: one step for each link of the chain."""
    at = clock.now() - timedelta(days=90)
    return [
        JourneyStep(
            kind, mark, word or "Das Ergebnis", "done" if place < 4 else "ahead", at if place < 4 else None, "", TEXT
        )
        for place, (kind, mark, word) in enumerate(zip(CHAIN, MARKS, WORDS, strict=True))
    ]


def phases() -> list[Any]:
    """A challenge's phases: done, now, ahead."""
    rows = (("Ideen sammeln", "lightbulb", "done"), ("Abstimmen", "heart", "now"), ("Umsetzen", "sprout", "ahead"))
    return [Sample(name=name, icon=mark, when="bis 12. März 2027", state=state, note="") for name, mark, state in rows]


def timeline() -> list[Any]:
    """Lines of the timeline in each colour."""
    moments = (0, 3, 90, 3_000, 90_000, 900_000, 9_000_000)
    return [
        Sample(
            at=clock.now() - timedelta(seconds=ago),
            icon=mark,
            step=step,
            actor="Juna Winkler",
            verb="hat eingereicht:",
            title=TEXT[:40],
            url="/",
        )
        for ago, mark, step in zip(moments, (*MARKS, "clock", "eye-off"), STEPS, strict=True)
    ]


def comments() -> Any:
    """A thread: written by the author, waiting, of an organisation, by somebody who left, deleted, hidden, deep."""
    lines = [_line(1), _line(2, depth=1, state="pending"), _line(3, depth=2, voice=organisation())]
    lines += [
        _line(4, depth=3, handle="", author_label="Gelöschte Person"),
        _line(5, state="deleted", readable=False),
    ]
    lines += [_line(6, depth=1, state="hidden", readable=False), _line(7, depth=7, body=LONG, says_whom=True)]
    for line, parent in zip(lines[1:4], lines, strict=False):
        line.answers_to = parent.comment
    lines[6].answers_to = lines[0].comment
    return Sample(lines=lines, more=0)


def organisation(name: str = "Werkstatt Wendepunkt e. V.", *, is_verified: bool = True) -> Any:
    """An organisation; without a logo its initials stand behind a door."""
    values: dict[str, Any] = {"kind": "organisation", "id": 900_300, "slug": "wendepunkt", "name": name, "title": name}
    values |= {"summary": TEXT, "is_verified": is_verified, "logo": None, "place": place(), "topic": None}
    return Sample(**values, state="published", author_id=None)


def person(name: str = "Juna Winkler") -> Any:
    """Somebody with an account."""
    return Sample(kind="person", id=900_400, name=name, handle="juna-winkler", deleted_at=None, trusted=True)


def update(number: int, **more: Any) -> Any:
    """A piece of news of a project."""
    values: dict[str, Any] = {"id": number, "title": "Die erste Bank steht", "body": TEXT, "author": person()}
    return Sample(**(values | {"created_at": clock.now(), "edited_at": None} | more))


def cases() -> list[tuple[Any, Any]]:
    """Lines of the moderators' queue, each with what it is about: new, reported, gone."""
    opened_at = clock.now() - timedelta(hours=5)
    things = (("new", idea(900_500)), ("report", challenge(900_501, title=LONG)), ("report", None))
    return [
        (Sample(id=900_600 + n, cause=cause, opened_at=opened_at), thing) for n, (cause, thing) in enumerate(things)
    ]


def groups() -> tuple[list[Group], list[Group]]:
    """Filters: chips with counts and hues, and selects."""
    topics = [Option(str(hue), f"Farbe {hue}", hue == HUES[1], hue, hue * 7) for hue in HUES]
    chips = [Group("styleguide", "Nach Handlungsfeld", [Option("", "Alle", False), *topics])]
    picks = [
        Group("sort", "Reihenfolge", [Option("newest", "Neueste", True), Option("active", "Zuletzt bewegt", False)])
    ]
    return chips, picks


def a_document() -> dict[str, Any]:
    """An operator's page with a table of contents, and two versions of a paragraph compared."""
    body = "\n\n".join(f"## Abschnitt {number}\n\n{TEXT}\n\n- eins\n- zwei" for number in range(1, 6))
    text = PageText(key="terms", language="de", number=1, title="Eine Seite", body=body)
    changes = differences(f"{TEXT}\n\nBleibt.\n\nWeg.", f"{TEXT.replace('Bus', 'Zug')}\n\nBleibt.\n\nNeu.")
    return {"text": text, "document": document(body), "changes": changes}


def photos() -> list[PictureOfCard]:
    """Pictures of public ideas, if there are any."""
    return [own for found in top_ideas(IdeaFilter(), sort="newest", size=20) for own in found.pictures]


def gallery() -> list[Any]:
    """Pictures with words, with long ones, with none: what there is, over and over; nothing where there is none."""
    found, words = photos(), ("Bank aus Lärchenholz unter einer Linde", "Drei wartende Menschen", LONG, "")
    keys = ("id", "widths", "formats", "width", "height")
    whose = zip(cycle(found), words, strict=False)
    return [Sample(**{key: getattr(photo, key) for key in keys}, alt=alt) for photo, alt in whose]


def picture_fields() -> list[tuple[str, Any]]:
    """Fields for pictures: empty, with rows and what went wrong, and full where there are pictures."""
    rows = [_shown(number, thing, alt=thing.alt) for number, thing in enumerate(gallery(), start=900_910)]
    wrong = ["Das Bild ist zu groß: höchstens 10 MB.", LONG]
    full = [("Voll", _uploads("picture", "volle-bilder", rows[:2], 2))] if rows else []
    return [
        ("Noch leer", _uploads("picture", "neue-bilder", [], 6)),
        ("Mit Fehlern", _uploads("picture", "falsche-bilder", rows, 6, errors=wrong, chosen=["x"], new_alt="Bank")),
        *full,
    ]


def file_fields() -> list[tuple[str, Any]]:
    """Fields for files: empty, with one, full."""
    files = (("Bauplan.pdf", "pdf", 482_000), (f"{LONG}.xlsx", "xlsx", 9_900_000), ("Masse.csv", "csv", 12))
    rows = [_shown(900_930 + n, Sample(name=name, kind=kind, size=size)) for n, (name, kind, size) in enumerate(files)]
    return [
        ("Noch leer", _uploads("file", "neue-dateien", [], 5)),
        ("Eine Datei", _uploads("file", "eine-datei", rows[:1], 5)),
        ("Voll", _uploads("file", "volle-dateien", rows, 3)),
    ]


def place(name: str = "Döbeln") -> Any:
    return Sample(name=name, label=f"{name} (Kreis Mittelsachsen)")


def _chain_step(place: int, here: int) -> ChainStep:
    state = "past" if place < here else "here" if place == here else "running" if place == here + 1 == 3 else "ahead"
    return ChainStep(CHAIN[place], state, WORDS[place], "/" if place < 3 else "", "18.640 €" if place == 3 else "")


def _shown(number: int, thing: Any, *, alt: str = "") -> Any:
    return Sample(row=Sample(id=number, alt=alt, is_decorative=not alt), thing=thing)


def _uploads(name: str, ident: str, shown: list[Any], most: int, **more: Any) -> Any:
    values: dict[str, Any] = {"name": name, "id": ident, "shown": shown, "most": most, "errors": [], "chosen": []}
    values |= {"gone": [], "subject_id": None, "has_new": False, "new_alt": ""}
    values["pairs"] = [(f"{name}_id", str(row.row.id)) for row in shown]
    return Sample(**(values | more))


def _line(number: int, *, depth: int = 0, readable: bool = True, says_whom: bool = False, **more: Any) -> Any:
    values: dict[str, Any] = {"kind": "comment", "id": 900_700 + number, "body": TEXT, "state": "published"}
    values |= {"author_id": 900_400, "author_label": "Juna Winkler", "writer": "Juna Winkler", "handle": "juna-winkler"}
    values |= {"trusted": True, "voice": None, "origin": None}
    comment = Sample(**(values | {"created_at": clock.now()} | more))
    place = {"depth": depth, "answers_to": None, "says_whom": says_whom, "is_parent_readable": True}
    return Sample(comment=comment, readable=readable, is_own=number == 1, **place)
