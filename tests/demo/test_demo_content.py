"""The demo content fits together and keeps the tone, whatever loads it."""

import csv
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from app.ideas.models import IdeaState, IdeaStatus
from app.moderation.models import Ground, Measure

APP = Path(__file__).parents[2] / "app"
CONTENT = APP / "demo" / "content"


def _load() -> dict[str, list[dict[str, Any]]]:
    files = {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in CONTENT.glob("*.toml")}
    return {name: tables[name] for name, tables in files.items()}


def _column(path: str, name: str) -> set[str]:
    with (APP / path).open(encoding="utf-8", newline="") as file:
        return {row[name] for row in csv.DictReader(file)}


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for part in parts for text in _texts(part)]


KINDS = _load()
ALL = {entry["key"]: entry for entries in KINDS.values() for entry in entries}


def test_every_key_is_used_once() -> None:
    assert len(ALL) == sum(len(entries) for entries in KINDS.values())


def test_every_name_of_another_entry_leads_there() -> None:
    people = {person["key"] for person in KINDS["people"]}
    for entry in ALL.values():
        names = [entry[name] for name in ("author", "by", "responsible", "reporter") if name in entry]
        assert people.issuperset(names + entry.get("supporters", []))
        assert ALL.keys() >= {entry[name] for name in ("on", "challenge", "project", "reply_to") if name in entry}
        assert ALL.keys() >= set(entry.get("ideas", []))


def test_topics_and_places_exist() -> None:
    described = [entry for kind in ("challenges", "ideas", "projects") for entry in KINDS[kind]]
    assert _column("topics/data/topics.csv", "key") >= {entry["topic"] for entry in described}
    assert _column("places/data/places.csv", "ags") >= {entry["place"] for entry in described}


def test_ideas_show_every_state_and_every_status() -> None:
    ideas = KINDS["ideas"]
    assert {idea["state"] for idea in ideas} == set(IdeaState)
    assert {idea["status"] for idea in ideas} == set(IdeaStatus)


def test_the_last_answer_or_the_project_leads_to_the_ideas_status() -> None:
    reached = {idea["key"]: "in_discussion" if "published_days_ago" in idea else "submitted" for idea in KINDS["ideas"]}
    for answer in sorted(KINDS["answers"], key=lambda answer: -answer["days_ago"]):
        reached[answer["on"]] = answer["status"]
    for project in KINDS["projects"]:
        reached |= dict.fromkeys(project["ideas"], "realised" if "realised" in project else "project")
    assert reached == {idea["key"]: idea["status"] for idea in KINDS["ideas"]}


def test_who_supports_an_idea_had_joined_when_it_became_public() -> None:
    joined = {person["key"]: person["joined_days_ago"] for person in KINDS["people"]}
    late = [
        (idea["key"], person)
        for idea in KINDS["ideas"]
        for person in idea["supporters"]
        if joined[person] < idea["published_days_ago"]
    ]
    assert late == []


def test_nobody_supports_their_own_idea_or_supports_twice() -> None:
    for idea in KINDS["ideas"]:
        assert idea["author"] not in idea["supporters"]
        assert max(Counter(idea["supporters"]).values(), default=1) == 1


def test_things_happen_after_what_they_follow() -> None:
    began = {key: entry.get("published_days_ago", entry.get("days_ago", 0)) for key, entry in ALL.items()}
    joined = {person["key"]: person["joined_days_ago"] for person in KINDS["people"]}
    for entry in ALL.values():
        when = entry.get("submitted_days_ago", entry.get("published_days_ago", entry.get("days_ago", 0)))
        before = [began[entry[name]] for name in ("on", "reply_to", "challenge") if name in entry]
        before += [joined[entry[name]] for name in ("author", "by", "reporter") if name in entry]
        assert all(earlier >= when for earlier in before), entry["key"]


def test_a_reply_is_about_the_same_thing() -> None:
    replies = [comment for comment in KINDS["comments"] if "reply_to" in comment]
    assert len(replies) >= 10
    assert all(ALL[reply["reply_to"]]["on"] == reply["on"] for reply in replies)


def test_what_untrusted_people_say_is_public_only_by_a_decision() -> None:
    untrusted = {person["key"] for person in KINDS["people"] if not person["trusted"]}
    approved = {decision["on"] for decision in KINDS["decisions"] if decision["measure"] == "approve"}
    posts = [entry for kind in ("ideas", "comments") for entry in KINDS[kind] if entry["author"] in untrusted]
    assert {post["key"] for post in posts if post.get("state") != "pending"} == approved


def test_what_is_hidden_was_reported_before_and_two_reports_wait() -> None:
    decided = {decision["on"]: decision["days_ago"] for decision in KINDS["decisions"] if decision["measure"] == "hide"}
    reported = {report["on"]: report["days_ago"] for report in KINDS["reports"]}
    assert all(reported[key] > days for key, days in decided.items())
    assert len(reported.keys() - decided.keys()) == 2


def test_grounds_and_measures_are_those_of_moderation() -> None:
    assert {entry["ground"] for kind in ("decisions", "reports") for entry in KINDS[kind]} <= set(Ground)
    assert {decision["measure"] for decision in KINDS["decisions"]} <= set(Measure)


def test_the_closed_chain_was_funded_before_it_was_realised() -> None:
    done = next(project for project in KINDS["projects"] if "realised" in project)
    campaign = next(campaign for campaign in KINDS["campaigns"] if campaign["project"] == done["key"])
    assert campaign["raised_cents"] >= campaign["goal_cents"]
    assert done["days_ago"] > campaign["starts_days_ago"] > -campaign["ends_in_days"] > done["realised"]["days_ago"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_texts_keep_the_tone(kind: str) -> None:
    for entry in KINDS[kind]:
        text = "\n".join(_texts(entry))
        assert "!" not in text, entry["key"]
        assert "—" not in text, entry["key"]
        assert len(entry.get("summary", "")) <= 160, entry["key"]


def test_addresses_lead_nowhere() -> None:
    assert all(person["email"].endswith("@example.org") for person in KINDS["people"])
    assert all(entry["url"].startswith("https://crowdfunding.example/") for entry in KINDS["campaigns"])
