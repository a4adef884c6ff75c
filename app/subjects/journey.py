"""The chain and the journey: where a thing came from, where it stands, what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.subjects import activities, queries, registry

ORDER = ("challenge", "idea", "project", "campaign", "result")


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One node of the breadcrumb that is the chain; state: past, here, running, ahead."""

    kind: str
    state: str
    name: str = ""
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class JourneyStep:
    """One dated line of the journey; state: done, now, ahead."""

    kind: str
    icon: str
    title: str
    state: str
    at: datetime | None = None
    who: str = ""
    why: str = ""
    url: str = ""


def lineage(reader: Actor, thing: Any, kinds: Mapping[int, str] | None = None) -> list[Any]:
    """What led to a thing, the thing, and what came of it, as this reader may see them, in the chain's order.

    `kinds` of these by id, where somebody has asked for them already.
    """
    family = [thing, *registry.load_known(reader, queries.family(thing.id) if kinds is None else kinds).values()]
    challenges = {member.challenge.id: member.challenge for member in family if getattr(member, "challenge", None)}
    known = {member.id for member in family}
    family += [
        challenge for key, challenge in challenges.items() if key not in known and challenge.state == "published"
    ]
    return sorted(family, key=lambda member: (ORDER.index(member.kind), member.id))


def chain(family: Sequence[Any], here: Any) -> list[ChainStep]:
    """The five nodes of the chain as seen from the page of `here`."""
    place = ORDER.index(here.kind)
    steps = []
    for index, kind in enumerate(ORDER[:-1]):
        found = next((member for member in family if member.kind == kind), None)
        state = "here" if index == place else "past" if index < place else "running" if found else "ahead"
        if found is None and index < place:
            continue
        known = found if found is not None and index != place else None
        steps.append(ChainStep(kind, state, known.title if known else "", registry.url_of(known) if known else ""))
    realised = any(getattr(member, "status", "") == "realised" for member in family)
    return [*steps, ChainStep("result", "running" if realised else "ahead", _("Umgesetzt") if realised else "")]


def journey(
    reader: Actor,
    family: Sequence[Any],
    here: Any,
    ahead: Sequence[JourneyStep],
    known: Sequence[JourneyStep] = (),
    *,
    recorded: Sequence[Any] | None = None,
) -> list[JourneyStep]:
    """Every step recorded about the family, with others that are `known` and dated, then those announced.

    Steps of others than `here` link to their page. `recorded`: the rows, where somebody has asked for them already.
    """
    ids = [member.id for member in family]
    rows = queries.steps_of(ids) if recorded is None else [row for row in recorded if row.subject_id in ids]
    facts = [fact for row in rows if (fact := activities.from_row(row)) is not None]
    speakers = {id_ for fact in facts for id_ in (fact.actor_id, fact.organisation_id) if id_}
    people = registry.named(reader, speakers)
    urls = {member.id: registry.url_of(member) for member in family if member is not here}
    steps = [(fact.at, _step(fact, people, urls)) for fact in facts] + [(step.at, step) for step in known if step.at]
    done = [step for _at, step in sorted(steps, key=lambda dated: dated[0])]
    return [*done[:-1], *(replace(step, state="now") for step in done[-1:]), *ahead]


def _step(fact: activities.Activity, people: dict[int, Any], urls: dict[int, str]) -> JourneyStep:
    who, url = fact.speaker(people), urls.get(fact.subject_id, "")
    return JourneyStep(fact.colour, fact.icon, fact.step_title, "done", fact.at, who, fact.why, url)
