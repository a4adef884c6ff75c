"""The filters and orders of the list of ideas, as they stand in its address."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import request

from app.ideas import queries
from app.ideas.activities import NEED_WORDS, STAGE_WORDS, STATUS_LOOK
from app.ideas.models import AuthorKind, IdeaStatus
from app.kit.filters import Group, Option, chosen, chosen_id
from app.kit.i18n import gettext as _
from app.kit.i18n import of_language
from app.kit.pieces import kept
from app.places.queries import place_group
from app.topics.queries import TopicName, topic_among, topic_group

STATUSES = ("", *[status.value for status in IdeaStatus if status is not IdeaStatus.SUBMITTED])
VIEWS = ("list", "map")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a list asks for. In a challenge, where ideas compete, the order is fair unless chosen.

    `choices`: what there is to narrow it to.
    """

    wanted: queries.IdeaFilter
    sort: str
    view: str
    topic: TopicName | None
    choices: queries.Choices

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments that say the same, without empty ones: for links to share."""
        wanted, sort = self.wanted, request.args.get("sort", "")
        named = {"q": wanted.words, "challenge": wanted.challenge_id, "topic": self.topic.key if self.topic else ""}
        named |= {"place": wanted.place_id, "status": wanted.status, "stage": wanted.stage, "by": wanted.kind}
        named |= {"needs": wanted.need, "sort": self.sort if sort else "", "view": self.view}
        return {name: value for name, value in named.items() if value and value != "list"}


def asked() -> Asked:
    """What the address of the current request asks for; values nobody offers count as none."""
    narrowed = {"challenge_id": chosen_id("challenge"), "place_id": chosen_id("place")}
    choices = kept("ideas.choices", *(one or 0 for one in narrowed.values()), make=partial(queries.choices, **narrowed))
    topic = topic_among(choices.topics, request.args.get("topic"))
    wanted = _wanted(topic, choices.within)
    usual = "fair" if wanted.challenge_id else "newest"
    return Asked(wanted, chosen("sort", (usual, *queries.SORTS)), chosen("view", VIEWS), topic, choices)


def _wanted(topic: TopicName | None, places_within: Sequence[int]) -> queries.IdeaFilter:
    return queries.IdeaFilter(
        challenge_id=chosen_id("challenge"),
        topic_id=topic.id if topic else None,
        place_id=chosen_id("place"),
        places_within=tuple(places_within),
        status=chosen("status", STATUSES),
        stage=chosen("stage", ("", *STAGE_WORDS)),
        kind=chosen("by", ("", *AuthorKind)),
        need=chosen("needs", ("", *NEED_WORDS)),
        words=request.args.get("q", "")[:200].strip(),
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """The groups of the filter bar: always there, behind "more filters", and the orders."""

    topics: Group
    place: Group
    more: list[Group]
    sort: Group

    @property
    def groups(self) -> list[Group]:
        return [self.topics, self.place, *self.more]

    @property
    def more_set(self) -> int:
        """How many of the further filters are set."""
        return sum(bool(option.selected and option.value) for group in self.more for option in group.options)


def filters(found: Asked) -> Filters:
    """The groups, with what is chosen."""
    wanted, choices = found.wanted, found.choices
    more = [_challenges(choices.challenges, wanted.challenge_id), _statuses(wanted.status)]
    more += [_stages(wanted.stage), _kinds(wanted.kind), _needs(wanted.need)]
    topics = Group("topic", _("Handlungsfeld"), topic_group(choices.topics, found.topic).options)
    return Filters(topics, place_group(choices.places, wanted.place_id), more, _sorts(found.sort))


@of_language
def _stages(selected: str) -> Group:
    return _group("stage", _("Wie weit"), {"": _("Alle"), **STAGE_WORDS}, selected)


@of_language
def _needs(selected: str) -> Group:
    needs = {"": _("Egal"), **{key: word for key, (_icon, word) in NEED_WORDS.items()}}
    return _group("needs", _("Braucht Hilfe mit"), needs, selected)


def _group(name: str, label: str, words: dict[Any, Any], selected: str) -> Group:
    return Group(name, label, [Option(str(key), str(word), key == selected) for key, word in words.items()])


@of_language
def _kinds(selected: str) -> Group:
    words = {
        "": _("Allen"),
        AuthorKind.PERSON.value: _("Menschen"),
        AuthorKind.ORGANISATION.value: _("Organisationen"),
        AuthorKind.BROUGHT.value: _("Von anderswo übernommen"),
    }
    return _group("by", _("Von wem"), words, selected)


@of_language
def _statuses(selected: str) -> Group:
    return _group("status", _("Stand"), {key: STATUS_LOOK[key][2] if key else _("Alle") for key in STATUSES}, selected)


def _challenges(named: dict[int, str], selected: int | None) -> Group:
    options = [Option(str(one), title, one == selected) for one, title in named.items()]
    return Group("challenge", _("Herausforderung"), [Option("", _("Alle"), selected not in named), *options])


@of_language
def _sorts(selected: str) -> Group:
    words = {
        "newest": _("Neueste"),
        "supported": _("Meiste Unterstützung"),
        "discussed": _("Meiste Kommentare"),
        "active": _("Zuletzt bewegt"),
        "fair": _("Gleiche Chance für alle"),
    }
    return _group("sort", _("Reihenfolge"), {key: words[key] for key in queries.SORTS}, selected)
