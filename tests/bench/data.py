"""What a bench measures on: a seeded database, people who are signed in, two pages with many comments.

Sessions are made here, past the sign-in form: signing in is measured by itself.
"""

import json
import os
import random
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, session
from flask_security import hash_password
from flask_wtf.csrf import generate_csrf
from sqlalchemy import func, select

from app.accounts.commands import add_person
from app.accounts.models import User
from app.challenges.models import Challenge
from app.comments.commands import write_comment
from app.comments.models import Comment
from app.config import Settings
from app.factory import create_app
from app.ideas.models import Idea, IdeaStatus
from app.kit.access import KEY_PART, PERSON
from app.kit.db import db, unit_of_work
from app.places.models import Place
from app.seeding.commands.words import comment_words, lexicon, listed
from app.seeding.queries import latest_seed
from app.subjects.outbox import settle
from app.topics.models import Topic
from tests.bench import servers
from tests.bench.load import Ask

PASSWORD = "ein-langes-Passwort-des-Messens"
MEMBERS = 1000
PAGES = {"idea30": 30, "idea600": 600}
PAGE_NUMBER = 200
SAMPLES = 5000
FRESH = 150_000
"""So many draws that none is sent twice while a route is measured."""
WORDS_ASKED = 400
FLAT = 10
OUT_OF_TIME = 124
"""What timeout(1) says of what it ended."""
ANY_IDEA = "idea (any)"
NEXT = re.compile(r'rel="next" href="([^"]+)"')


@dataclass(frozen=True)
class Shelf:
    """One database of the bench: its kind, its size, where it lies."""

    kind: str
    ideas: int
    folder: Path
    database: str

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.ideas}"

    @property
    def seed_words(self) -> list[str]:
        numbers = {"ideas": self.ideas, "people": max(500, self.ideas // 10)}
        numbers |= {"supports": self.ideas * 10, "comments": self.ideas * 2}
        return [word for name, number in numbers.items() for word in (f"--{name}", str(number))]

    @property
    def targets(self) -> dict[str, Any]:
        """What `prepare` found to ask for."""
        found: dict[str, Any] = json.loads((self.folder / "targets.json").read_text())
        return found


def seed(shelf: Shelf, seconds: float) -> bool:
    """Seed, or go on seeding, for so long at most; whether it is finished."""
    environ = servers.platform_environ(shelf.folder, shelf.database)
    shelf.folder.mkdir(parents=True, exist_ok=True)
    with (shelf.folder / "seed.log").open("ab") as log:
        for words in (["init"], ["seed", *shelf.seed_words]):
            command = ["timeout", "--signal=INT", str(int(seconds)), *servers.flask(*words)]
            done = subprocess.run(
                command, cwd=servers.ROOT, env=os.environ | environ, stdout=log, stderr=log
            ).returncode
            if done == OUT_OF_TIME:
                return False
            if done:
                raise SystemExit(f"`flask {words[0]}` failed, see {log.name}")
    return True


@contextmanager
def application(shelf: Shelf, **more: str) -> Iterator[Flask]:
    """The platform in this process, on a shelf; what it would log is not of the bench's output."""
    environ = servers.platform_environ(shelf.folder, shelf.database, LOG_LEVEL="ERROR", **more)
    app = create_app(Settings.from_env(environ))
    yield app  # without its context: requests of a test client would share one
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def migrate(shelf: Shelf) -> None:
    """A database of an older bench becomes one of now."""
    environ = servers.platform_environ(shelf.folder, shelf.database)
    subprocess.run(servers.flask("init"), cwd=servers.ROOT, env=os.environ | environ, check=True)
    if (shelf.folder / "targets.json").exists():
        _renew_sessions(shelf)


def prepare(shelf: Shelf) -> None:
    """People, pages with many comments, and the addresses to ask for."""
    with application(shelf) as app:
        with app.app_context(), unit_of_work():
            members, moderator = _people()
            people = [(one.id, one.fs_uniquifier, str(one.email)) for one in (*members, moderator)]
            pages = {name: _talk_about(number, place) for place, (name, number) in enumerate(PAGES.items())}
            settle()
        with app.app_context(), unit_of_work(writes=False):
            found = _found() | {"pages": pages}
        *found["members"], found["moderator"] = [_signed_in(app, *person) for person in people]
        found["deep"] = _deep_page(app)
    (shelf.folder / "targets.json").write_text(json.dumps(found))


def zipf(dice: random.Random, things: list[Any], number: int) -> list[Any]:
    """So many draws from all things, the first ones of a mixed order most often."""
    mixed = dice.sample(things, len(things))
    return [mixed[place] for place in places(dice, len(mixed), number)]


def places(dice: random.Random, most: int, number: int) -> Iterator[int]:
    """So many draws of places in an order of so many things, the first ones most often."""
    return (min(int(FLAT * ((1 + most / FLAT) ** dice.random() - 1)), most - 1) for _ in range(number))


def by_rank(shelf: Shelf) -> list[str]:
    """The pages of all ideas in an order by chance, which stays: the first are asked for most often, whenever it is."""
    file = shelf.folder / "ideas.txt"
    if not file.exists():
        with application(shelf) as app, app.app_context():
            public = select(Idea.id, Idea.slug).where(Idea.state == "published").order_by(Idea.id)
            pages = [f"/ideas/{row.id}-{row.slug}" for row in db.session.execute(public)]
        random.Random(2).shuffle(pages)
        file.write_text("\n".join(pages))
    return file.read_text().split("\n")


def guest_routes(shelf: Shelf, draws: int = SAMPLES) -> dict[str, list[Ask]]:
    """What anybody can ask for, by route; so many draws of ideas."""
    found, dice, ideas = shelf.targets, random.Random(3), by_rank(shelf)
    queries = zipf(dice, found["queries"], 1000)
    filters = [urlencode(one) for one in zipf(dice, found["filters"], 500)]
    addresses: dict[str, list[str]] = {
        "home": ["/"],
        "list": ["/ideas"],
        "list, filtered": [f"/ideas?{one}" for one in filters],
        **{f"list, {sort}": [f"/ideas?sort={sort}"] for sort in ("supported", "discussed", "active", "fair")},
        "list, searched": [f"/ideas?{urlencode({'q': query})}" for query in queries],
        f"list, page {found['deep']['number']}": [found["deep"]["path"]],
        ANY_IDEA: [ideas[place] for place in places(random.Random(), len(ideas), draws)],
        "idea, 30 comments": [found["pages"]["idea30"]],
        "idea, 600 comments": [found["pages"]["idea600"]],
        "challenge": zipf(dice, found["challenges"], 500),
        "similar hints": [
            f"/ideas/similar?{urlencode({'title': title})}" for title in zipf(dice, found["titles"], 1000)
        ],
        "search": [f"/search?{urlencode({'q': query})}" for query in queries],
        "map data": ["/ideas/map.json"],
    }
    return {route: [Ask(path) for path in paths] for route, paths in addresses.items()}


def as_person(asks: list[Ask], *cookies: str) -> list[Ask]:
    """The same of people who are signed in, in turn."""
    number = max(len(asks), len(cookies))
    return [Ask(asks[n % len(asks)].path, cookie=cookies[n % len(cookies)]) for n in range(number)]


def _people() -> tuple[list[User], User]:
    known = {one.email: one for one in db.session.scalars(select(User).where(User.email.like("%@bench.example")))}
    hashed = hash_password(PASSWORD)

    def person(name: str, **more: Any) -> User:
        email = f"{name}@bench.example"
        return known.get(email) or add_person(email=email, name=name, password_hash=hashed, trusted=True, **more)

    return [person(f"member{n}") for n in range(MEMBERS)], person("moderator", roles=("moderator",))


def _talk_about(number: int, place: int) -> str:
    """Give an idea exactly so many comments, by the platform's own commands; its address."""
    quiet = select(Idea).where(Idea.state == "published", Idea.status == IdeaStatus.IN_DISCUSSION.value)
    quiet = quiet.where(Idea.comments_count <= number, Idea.comments_count >= number // 2)
    few = select(Idea).where(Idea.state == "published", Idea.comments_count <= PAGES["idea30"] // 2)
    idea = db.session.scalars(quiet.order_by(Idea.comments_count.desc(), Idea.id).offset(place).limit(1)).first()
    idea = idea or db.session.scalars(few.order_by(Idea.id.desc()).offset(place).limit(1)).one()
    dice, people = random.Random(number), db.session.scalars(select(User).where(User.trusted).limit(200)).all()
    book, said = lexicon(random.Random(1), 3000), []
    for _ in range(number - idea.comments_count):
        parent = dice.choice(said) if said and dice.random() < 0.4 else None
        said.append(write_comment(idea, comment_words(book, dice), by=dice.choice(people), parent_id=parent).id)
    db.session.flush()
    db.session.refresh(idea)
    assert idea.comments_count == number, (idea.comments_count, number)
    return f"/ideas/{idea.id}-{idea.slug}"


def _found() -> dict[str, Any]:
    """Words, filters and addresses to ask for, but those of ideas (`by_rank`)."""
    dice = random.Random(2)
    some = select(Idea.title).where(Idea.state == "published").order_by(Idea.id).limit(20_000)
    titles = dice.sample(list(db.session.scalars(some)), WORDS_ASKED)
    challenges = [f"/challenges/{one.id}-{one.slug}" for one in db.session.scalars(select(Challenge)).unique()]
    open_ones = select(Idea.id).where(Idea.state == "published", Idea.status == IdeaStatus.IN_DISCUSSION.value)
    return {
        "titles": titles,
        "queries": _queries(dice, titles),
        "filters": _filters(dice),
        "challenges": challenges,
        "open_ideas": list(db.session.scalars(open_ones.order_by(Idea.id.desc()).limit(5000))),
        "counted": db.session.scalar(select(func.count()).select_from(Idea)),
        "comments": db.session.scalar(select(func.count()).select_from(Comment)),
        "began": latest_seed()[0] is not None,
    }


def _queries(dice: random.Random, titles: list[str]) -> list[str]:
    """Common words, pairs of them, words of titles, and some with a slip."""
    common = listed("common")
    rare = [title.split()[0].rstrip(":") for title in titles]
    pairs = [f"{dice.choice(common)} {dice.choice(rare)}" for _ in range(60)]
    slips = [word[:3] + word[4:] for word in rare[:20]]
    return [*common, *dice.sample(rare, min(150, len(rare))), *pairs, *slips]


def _filters(dice: random.Random) -> list[dict[str, Any]]:
    topics = list(db.session.scalars(select(Topic.key).order_by(Topic.position)))
    places = list(db.session.scalars(select(Place.id).order_by(Place.ags)))
    challenges = list(db.session.scalars(select(Challenge.id).where(Challenge.state == "published")))
    single = [{"topic": key} for key in topics] + [{"status": "in_discussion"}, {"stage": "tried"}, {"needs": "rooms"}]
    single += [{"place": one} for one in dice.sample(places, 20)]
    both = [{"challenge": dice.choice(challenges), "topic": dice.choice(topics)} for _ in range(20)]
    return [*single, *both, *({"challenge": one} for one in challenges[:20])]


def _renew_sessions(shelf: Shelf) -> None:
    """Sessions as signing in makes them now."""
    found = shelf.targets
    with application(shelf) as app:
        with app.app_context(), unit_of_work(writes=False):
            here = User.email.in_([one["email"] for one in (*found["members"], found["moderator"])])
            people = [
                (one.id, one.fs_uniquifier, str(one.email)) for one in db.session.scalars(select(User).where(here))
            ]
        by_address = {person[-1]: _signed_in(app, *person) for person in people}
    found["moderator"] = by_address.pop(found["moderator"]["email"])
    found["members"] = list(by_address.values())
    (shelf.folder / "targets.json").write_text(json.dumps(found))


def _signed_in(app: Flask, person_id: int, key: str, email: str) -> dict[str, str]:
    """A session's cookie and its token for forms, and those of the same person before signing in."""
    noted = {PERSON: [person_id, key[:KEY_PART]]}
    cookie, token = _session(app, _user_id=key, _fresh=False, **noted)  # signed in some time ago
    door, door_token = _session(app)
    return {"cookie": cookie, "token": token, "email": email, "door": door, "door_token": door_token}


def _session(app: Flask, **values: Any) -> tuple[str, str]:
    with app.test_request_context():
        session.update(values)
        token = generate_csrf()
        serializer: Any = app.session_interface.get_signing_serializer(app)
        return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(dict(session))}", token


def _deep_page(app: Flask) -> dict[str, Any]:
    """The 200th page, or the last there is, by following the links."""
    client, path, number = app.test_client(), "/ideas", 1
    while number < PAGE_NUMBER:
        text = client.get(path, headers={"Accept-Encoding": "identity"}).get_data(as_text=True)
        if not (found := NEXT.search(text)):
            break
        path, number = found[1].replace("&amp;", "&"), number + 1
    return {"path": path, "number": number}
