"""Writing mails about activities: to one person, and to everybody who follows, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import url_for
from sqlalchemy import select, update

from app.accounts.models import User
from app.follows import queries as follows
from app.kit import clock, mail
from app.kit.actor import GUEST
from app.kit.db import command, db
from app.kit.inserting import insert_once
from app.kit.web import settings
from app.notifications import queries
from app.notifications.models import Mailing
from app.notifications.queries import News, Reason
from app.subjects import activities, registry
from app.subjects.activities import Activity

PEOPLE_AT_ONCE = 200
LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is ready to be put into the outbox."""

    key: str
    to: str
    subject: str
    text: str
    unsubscribe_url: str
    language: str


@command
def tell(person: User | None, activity: Activity, **context: Any) -> None:
    """Mail a person about an activity, once; people without an address or account are left out.

    The template `emails/<activity>/<language>.txt` begins with the subject as its first line.
    """
    if person is None or not person.email or person.deleted_at is not None:
        return
    write(key_of(activity, person), person.email, activity.name, person.language, person=person, **context)


@command
def write(key: str, to: str, template: str, language: str, **context: Any) -> None:
    """Put a mail into the outbox under a key, from `emails/<template>/<language>.txt`."""
    subject, text = mail.compose(template, language, base_url=settings().base_url, **context)
    mail.post(key, to=to, subject=subject, text=text, language=language)


@command
def begin_mailing(activity: Activity) -> None:
    """Have everybody who follows told of an activity; beginning again changes nothing."""
    now = clock.now()
    insert_once(Mailing, activity_id=activity.row_id, reached_id=0, attempts=0, created_at=now, due_at=now)


def go_on_with(mailing_id: int) -> bool:
    """Tell the next people of one mailing; whether there may be more. Composed before the writing transaction."""
    mailing = db.session.get_one(Mailing, mailing_id)
    fact = activities.from_row(mailing.activity)
    news = queries.news_of(fact) if fact and mailing.done_at is None else None
    if news is None:
        return _hand_out(mailing_id, mailing.reached_id, [], None)
    people = follows.next_followers(
        news.subject_ids,
        setting=news.setting,
        beyond=mailing.reached_id,
        without=news.fact.actor_id,
        most=PEOPLE_AT_ONCE,
    )
    last = people[-1].id if len(people) == PEOPLE_AT_ONCE else None
    return _hand_out(mailing_id, mailing.reached_id, _letters(news, people), last)


@command
def postpone(mailing_id: int) -> None:
    """Something went wrong: wait, longer each time, so that other mailings go on."""
    mailing = db.session.get_one(Mailing, mailing_id)
    wait = min(timedelta(seconds=5 * 3**mailing.attempts), LONGEST_WAIT)
    mailing.attempts, mailing.due_at = mailing.attempts + 1, clock.now() + wait


def full_address(thing: Any) -> str:
    """The public address of a thing's page."""
    return settings().base_url + registry.url_of(thing)


def key_of(activity: Activity, person: User) -> str:
    """One mail for each activity and person, however many reasons there are."""
    return f"{activity.name}:{activity.row_id}:{person.id}"


def _letters(news: News, people: Sequence[User]) -> list[Letter]:
    found = follows.follows_among([person.id for person in people], news.subject_ids)
    via = {one.via_subject_id for own in found.values() for one in own if one.via_subject_id}
    # What the news is about may be public no more: that is the news.
    things = registry.load_many(GUEST, {*news.subject_ids, *via}) | {news.page.id: news.page}
    letters = []
    for person in people:
        reason = queries.reasons_for(news, found.get(person.id, []), things)
        if reason is not None:
            letters.append(_letter(news, person, reason))
    return letters


def _letter(news: News, person: User, reason: Reason) -> Letter:
    base = settings().base_url
    ending = base + url_for("follows.unsubscribe", token=follows.unsubscribe_token(person.id, reason.follow.subject_id))
    words = {"person": person, "reason_why": reason, "url": full_address(news.page), "unsubscribe_url": ending}
    words |= {"settings_url": base + url_for("follows.notifications"), "base_url": base}
    subject, text = mail.compose(news.fact.name, person.language, **words, **news.words)
    return Letter(key_of(news.fact, person), person.email or "", subject, text, ending, person.language)


@command
def _hand_out(mailing_id: int, reached_id: int, letters: Sequence[Letter], last_id: int | None) -> bool:
    """Put a step's mails into the outbox and note how far it got; another worker's step counts, not both."""
    claim = select(Mailing).where(Mailing.id == mailing_id, Mailing.reached_id == reached_id)
    mailing = db.session.scalars(claim.where(Mailing.done_at.is_(None)).with_for_update(of=Mailing)).first()
    if mailing is None:
        return last_id is not None
    for letter in letters:
        mail.post(
            letter.key,
            to=letter.to,
            subject=letter.subject,
            text=letter.text,
            unsubscribe_url=letter.unsubscribe_url,
            language=letter.language,
        )
    values = {"done_at": clock.now()} if last_id is None else {"reached_id": last_id, "attempts": 0}
    db.session.execute(update(Mailing).where(Mailing.id == mailing_id).values(**values))
    return last_id is not None
