"""Many ideas in German that nobody wrote: words of our own, compounds made of them, always the same ones.

How often words are used falls with their rank (Zipf 1935), as in real texts: a few are in every tenth idea, most
in a handful. `seed(ideas=100_000)` writes real rows: subjects, ideas, documents and the vocabulary.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from sqlalchemy import insert, select

from app.ideas.commands import index
from app.ideas.models import Idea, IdeaState, IdeaStatus
from app.kit import textindex, vocabulary
from app.kit.db import db, unit_of_work
from app.kit.text import slugify
from app.places.models import Place
from app.subjects.models import Subject
from app.topics.models import Topic

FIRST = (
    "Rad Fuß Schul Kinder Jugend Senioren Pflege Wohn Nachbar Stadt Dorf Markt Bahn Bus Park Spiel Sport Wald "
    "Wiesen Bach Fluss Berg Tal Energie Solar Wärme Wasser Abfall Garten Baum Blumen Vereins Kultur Musik Theater "
    "Kunst Lese Sprach Lern Bildungs Arbeits Berufs Handwerks Technik Digital Netz Daten Gesundheits Kranken Arzt "
    "Notfall Familien Eltern Tages Nacht Abend Winter Sommer Herbst Ernte Apfel Honig Bienen Tier Hunde Vogel "
    "Heimat Geschichts Kirchen Museums Brücken Straßen Haupt Neben Ring Dach Keller Laden Tausch Reparatur Leih "
    "Mehrweg Küchen Koch Mittags Feuerwehr Bürger Gemeinde Kreis Landes Grenz Gäste Willkommens Begegnungs "
    "Gemeinschafts Mit Ehren Frei Barriere Klima Umwelt Natur Moor"
).split()
LAST = (
    "weg straße platz haus raum garten halle bank brücke ampel linie haltestelle schule gruppe treff werkstatt "
    "laden markt fest tag woche netz karte kurs paten beratung hilfe dienst mobil wagen rad bus zug bahn stelle "
    "zentrum rat forum tisch budget fonds preis plan projekt modell labor studio küche café bücherei archiv pfad "
    "steg ufer wiese hain baum dach keller speicher anlage station säule box kiste kasten brunnen quelle bad becken "
    "feld hof stall scheune mühle fabrik verein bündnis genossenschaft stiftung akademie börse zeitung sendung "
    "bühne galerie sammlung ausstellung führung wanderung fahrt reise ausflug lager camp training spiel turnier "
    "lauf abend morgen stunde zeit pause"
).split()
VERBS = (
    "bauen öffnen pflegen teilen tauschen reparieren pflanzen gestalten organisieren begleiten beraten unterstützen "
    "fördern verbinden erneuern sanieren beleuchten begrünen kühlen sparen sammeln retten schützen lernen lehren "
    "kochen backen singen spielen turnen wandern fahren gehen sitzen treffen reden zuhören planen testen messen "
    "zählen zeigen erzählen"
).split()
ADJECTIVES = (
    "sicher grün ruhig schattig barrierefrei gemeinsam offen neu alt klein groß schnell günstig kostenlos "
    "nachhaltig lebendig freundlich sauber hell warm regional mobil digital sozial kulturell ländlich zentral "
    "öffentlich täglich monatlich"
).split()
COMMON = (
    "Menschen Stadt Idee Ort Jahr Leben Platz Weg Kinder Straße Hilfe Zeit Verein Raum Leute Schule Haus Verkehr "
    "Angebot Nachbarn Gemeinde Projekt Wunsch Möglichkeit Problem Lösung Fahrrad Bus Arbeit Familie"
).split()
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
BATCH = 1000


@dataclass(frozen=True)
class Lexicon:
    """Every word with how often it is used."""

    words: list[str]
    weights: list[float]

    def some(self, dice: random.Random, number: int) -> list[str]:
        return dice.choices(self.words, cum_weights=self.weights, k=number)


def lexicon(dice: random.Random) -> Lexicon:
    compounds = [f"{first}{last}" for first in FIRST for last in LAST]
    longer = [f"{first}{second.lower()}{last}" for first in FIRST[:60] for second in FIRST[60:] for last in LAST[::4]]
    dice.shuffle(compounds)
    dice.shuffle(longer)
    words = [*COMMON, *ADJECTIVES, *VERBS, *compounds, *longer[:60_000]]
    return Lexicon(words, list(accumulate(1 / (rank + 20) for rank in range(len(words)))))


def texts(number: int, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Titles and problems."""
    dice = random.Random(seed)
    book = lexicon(dice)
    for _ in range(number):
        words = book.some(dice, 46)
        title = f"{words[0]} und {words[1]} für {words[2]}" if dice.random() < 0.7 else f"{words[0]}: {words[1]}"
        sentences = [" ".join(words[start : start + 8]) for start in range(3, 43, 8)]
        yield title, ". ".join(f"Wir wollen {sentence} und das in der Nähe" for sentence in sentences) + "."


def seed(ideas: int) -> None:
    """Write ideas into an empty database that has places and topics."""
    source, dice = texts(ideas), random.Random(11)
    with unit_of_work(writes=False):
        topics = list(db.session.scalars(select(Topic.id).order_by(Topic.id)))
        places = list(db.session.scalars(select(Place.id).order_by(Place.ags)))
    for start in range(0, ideas, BATCH):
        with unit_of_work():
            _write([next(source) for _ in range(min(BATCH, ideas - start))], start, topics, places, dice)
    vocabulary.recount()


def _write(batch: list[tuple[str, str]], start: int, topics: list[int], places: list[int], dice: random.Random) -> None:
    anchors = [Subject(kind="idea") for _ in batch]
    db.session.add_all(anchors)
    db.session.flush()
    rows = []
    for number, (anchor, (title, problem)) in enumerate(zip(anchors, batch, strict=True), start):
        at = BEGAN + timedelta(minutes=20 * number)
        moments = {"submitted_at": at, "published_at": at, "changed_at": at}
        where = {"topic_id": dice.choice(topics), "place_id": dice.choice(places)}
        state = {"state": IdeaState.PUBLISHED.value, "status": IdeaStatus.IN_DISCUSSION.value}
        words = {"title": title, "slug": slugify(title), "problem": problem, "summary": problem[:120]}
        rows.append({"id": anchor.id, "supporters_count": dice.randrange(300), **words, **state, **where, **moments})
    db.session.execute(insert(Idea), rows)
    with textindex.in_bulk():
        for idea in db.session.scalars(select(Idea).where(Idea.id.in_([row["id"] for row in rows]))):
            index(idea)
