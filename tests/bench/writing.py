"""What a bench sends to be written: by many people, so that none meets a limit, and nothing twice."""

import random
from urllib.parse import urlencode

from sqlalchemy import select

from app.accounts.models import User
from app.kit.db import db
from app.voting.models import Support
from tests.bench.data import PASSWORD, Shelf, application
from tests.bench.load import Ask

EACH = 50_000
TRIES = 1000


def writes(shelf: Shelf) -> dict[str, list[Ask]]:
    """Supporting, commenting and signing in."""
    found, dice = shelf.targets, random.Random(random.SystemRandom().random())
    members, given = found["members"], _given(shelf)
    support, comment = [], []
    for n in range(EACH):
        member = members[n % len(members)]
        idea = _another(dice, found["open_ideas"], given.setdefault(member["email"], set()))
        who = {"cookie": member["cookie"], "address": f"10.0.{n % 250}.{n // 250 % 250}"}
        token = {"csrf_token": member["token"]}
        support.append(Ask(f"/ideas/{idea}/support", "POST", body=urlencode(token), **who))
        body = urlencode(token | {"body": f"{dice.choice(found['titles'])} ist wichtig ({dice.random():.9f})."})
        comment.append(Ask(f"/subjects/{idea}/comments", "POST", body=body, **who))
    return {"support": support, "comment": comment, "sign-in": _doors(members)}


def _given(shelf: Shelf) -> dict[str, set[int]]:
    """What members of the bench support already: once more would write nothing."""
    given: dict[str, set[int]] = {}
    theirs = select(User.email, Support.subject_id).join(Support, Support.person_id == User.id)
    with application(shelf) as app, app.app_context():
        for email, idea in db.session.execute(theirs.where(User.email.like("%@bench.example"))):
            given.setdefault(str(email), set()).add(idea)
    return given


def _another(dice: random.Random, ideas: list[int], given: set[int]) -> int:
    """An idea the member does not support yet; from now on they do."""
    for _ in range(TRIES):
        if (idea := dice.choice(ideas)) not in given:
            given.add(idea)
            return idea
    raise SystemExit("The members support nearly every open idea by now: delete this database and call it again.")


def _doors(members: list[dict[str, str]]) -> list[Ask]:
    doors = []
    for n, one in enumerate(members):
        form = {"email": one["email"], "password": PASSWORD, "csrf_token": one["door_token"]}
        address = f"10.1.{n // 250}.{n % 250}"
        doors.append(Ask("/login", "POST", cookie=one["door"], address=address, body=urlencode(form)))
    return doors
