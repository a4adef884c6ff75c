"""The story of the demo content, told in the order of its days."""

from collections.abc import Callable, Iterator

from app.demo.commands.acts import DAY, Acts
from app.demo.commands.entries import Entry, entries
from app.kit import clock
from app.kit.db import command
from app.subjects.outbox import settle

Event = tuple[float, Callable[[], None]]
SOONER = 0.02
"""Days after it became public in which an idea finds its first supporter."""


@command
def load_demo() -> None:
    """Bring the demo content into an empty database; nobody is mailed about it.

    Raises:
        ValueError: an idea or a project did not end where its file says.
    """
    acts = Acts(clock.now())
    tell(acts)
    if lost := strays(acts):
        raise ValueError(f"The demo content ends elsewhere than its files say: {', '.join(lost)}")
    settle()


def tell(acts: Acts) -> None:
    """Run every event at its moment, oldest first; those of one moment in the order of the files."""
    for days_ago, act in sorted(_events(acts), key=lambda event: -event[0]):
        with clock.at(acts.start - days_ago * DAY):
            act()


def strays(acts: Acts) -> list[str]:
    """Keys of ideas and projects that stand elsewhere than their entry says."""
    wrong = [one["key"] for one in entries("ideas") if (one["state"], one["status"]) != _standing(acts, one)]
    return wrong + [one["key"] for one in entries("projects") if one["status"] != acts.known[one["key"]].status]


def _standing(acts: Acts, entry: Entry) -> tuple[str, str]:
    idea = acts.known[entry["key"]]
    return idea.state, idea.status


def _events(acts: Acts) -> Iterator[Event]:
    kinds: dict[str, tuple[Callable[[Entry], None], str]] = {
        "people": (acts.join, "joined_days_ago"),
        "organisations": (acts.found, "founded_days_ago"),
        "challenges": (acts.challenge, "published_days_ago"),
        "setups": (acts.set_up, "days_ago"),
        "ideas": (acts.idea, "submitted_days_ago"),
        "edits": (acts.edit, "days_ago"),
        "comments": (acts.comment, "days_ago"),
        "reports": (acts.report, "days_ago"),
        "decisions": (acts.decide, "days_ago"),
        "answers": (acts.answer, "days_ago"),
        "projects": (acts.start_project, "days_ago"),
        "campaigns": (acts.link_campaign, "recorded_days_ago"),
        "updates": (acts.update, "days_ago"),
        "follows": (acts.follow, "days_ago"),
        "news": (acts.news, "days_ago"),
        "closings": (acts.close, "days_ago"),
    }
    for kind, (act, when) in kinds.items():
        for entry in entries(kind):
            yield entry[when], _bound(act, entry)
    yield from _later(acts)
    yield from _supports(acts)


def _later(acts: Acts) -> Iterator[Event]:
    """What happens to an entry after it came."""
    later: tuple[tuple[str, str, Callable[[Entry], None]], ...] = (
        ("people", "suspended_days_ago", acts.suspend),
        ("organisations", "filled_days_ago", acts.fill),
        ("ideas", "withdrawn_days_ago", acts.withdraw),
        ("comments", "deleted_days_ago", acts.delete_comment),
        ("campaigns", "as_of_days_ago", acts.enter_figures),
    )
    for kind, when, act in later:
        yield from ((entry[when], _bound(act, entry)) for entry in entries(kind) if when in entry)
    for project in entries("projects"):
        if "realised" in project:
            yield project["realised"]["days_ago"], _bound(acts.realise, project)


def _supports(acts: Acts) -> Iterator[Event]:
    """Supporters come from the first day on, most of them early, and none after the idea's way has turned."""
    turns = _turns()
    for entry in entries("ideas"):
        begin, count = entry.get("published_days_ago", 0), len(entry["supporters"])
        stay = begin - turns.get(entry["key"], 0)
        for number, person in enumerate(entry["supporters"]):
            share = SOONER + (0.95 - SOONER) * (number / count) ** 1.5
            yield begin - stay * share, _bound(lambda one, who=person: acts.support(one, who), entry)  # type: ignore[misc]


def _turns() -> dict[str, float]:
    """The day on which an idea became a project, was turned down, hidden or withdrawn, in days ago."""
    turned = {one["on"]: one["days_ago"] for one in entries("answers") if one["status"] == "not_pursued"}
    turned |= {one["on"]: one["days_ago"] for one in entries("decisions") if one["measure"] == "hide"}
    turned |= {one["key"]: one["withdrawn_days_ago"] for one in entries("ideas") if "withdrawn_days_ago" in one}
    return turned | {key: project["days_ago"] for project in entries("projects") for key in project["ideas"]}


def _bound(act: Callable[[Entry], None], entry: Entry) -> Callable[[], None]:
    return lambda: act(entry)
