"""The demo content fits together and keeps the tone, whatever loads it."""

import csv
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from app.ideas.models import IdeaState, IdeaStatus
from app.moderation.models import Ground, Measure
from app.organisations.models import Category
from app.projects.models import ProjectStatus

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
        single = ("author", "by", "responsible", "reporter", "owner", "verified_by")
        names = [entry[name] for name in single if name in entry]
        several = [one for name in ("supporters", "editors", "coauthors") for one in entry.get(name, [])]
        assert people.issuperset(names + several)
        assert ALL.keys() >= {entry[name] for name in ("on", "challenge", "project", "reply_to") if name in entry}
        assert ALL.keys() >= set(entry.get("ideas", []))


def test_there_is_enough_to_look_around() -> None:
    least = {"people": 30, "challenges": 8, "ideas": 40, "comments": 120, "organisations": 6, "projects": 8}
    assert {kind: len(KINDS[kind]) >= count for kind, count in least.items()} == dict.fromkeys(least, True)
    assert all(sum(update["project"] == one["key"] for update in KINDS["updates"]) >= 2 for one in KINDS["projects"])


def test_challenges_are_open_ending_soon_closed_and_pending() -> None:
    public = [one for one in KINDS["challenges"] if "state" not in one]
    left = [one.get("ends_in_days", 999) for one in public]
    assert (min(left) < 0, any(0 < days < 7 for days in left), max(left)) == (True, True, 999)
    assert [one["state"] for one in KINDS["challenges"] if "state" in one] == ["pending"]


def test_organisations_are_of_every_kind_verified_and_not_and_one_has_two_people() -> None:
    organisations = KINDS["organisations"]
    assert {one["kind"] for one in organisations} == set(Category) - {Category.OTHER}
    assert {"verified_by" in one for one in organisations} == {True, False}
    assert any(one["editors"] for one in organisations)


def test_whoever_speaks_for_an_organisation_belonged_to_it_by_then() -> None:
    since = {one["key"]: (one["founded_days_ago"], one["filled_days_ago"]) for one in KINDS["organisations"]}
    for entry in [entry for entry in ALL.values() if "as" in entry]:
        organisation = ALL[entry["as"]]
        founded, filled = since[entry["as"]]
        when = entry.get("submitted_days_ago", entry.get("published_days_ago", entry.get("days_ago", 0)))
        assert when <= (founded if entry["author"] == organisation["owner"] else filled), entry["key"]
        assert entry["author"] in (organisation["owner"], *organisation["editors"]), entry["key"]


def test_projects_run_are_being_funded_and_realised_and_campaigns_succeed_fail_and_run() -> None:
    campaigns = KINDS["campaigns"]
    assert {project["status"] for project in KINDS["projects"]} == set(ProjectStatus)
    ended = [one["raised_cents"] >= one["goal_cents"] for one in campaigns if one["ends_in_days"] < 0]
    assert (set(ended), any(one["ends_in_days"] > 0 for one in campaigns)) == ({True, False}, True)


def test_people_answer_each_other_several_levels_deep() -> None:
    comments = {one["key"]: one for one in KINDS["comments"]}

    def depth(one: dict[str, Any]) -> int:
        return 1 + depth(comments[one["reply_to"]]) if "reply_to" in one else 0

    assert max(depth(one) for one in comments.values()) >= 4


def test_topics_and_places_exist() -> None:
    described = [entry for kind in ("challenges", "ideas") for entry in KINDS[kind]]
    assert _column("topics/data/topics.csv", "key") == {entry["topic"] for entry in described}
    described += KINDS["organisations"]
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
    first = ("published_days_ago", "founded_days_ago", "days_ago")
    began = {key: next((entry[name] for name in first if name in entry), 0) for key, entry in ALL.items()}
    joined = {person["key"]: person["joined_days_ago"] for person in KINDS["people"]}
    for entry in ALL.values():
        when = entry.get("submitted_days_ago", entry.get("published_days_ago", entry.get("days_ago", 0)))
        before = [began[entry[name]] for name in ("on", "reply_to", "challenge", "project") if name in entry]
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
    assert all(one.get("state") == "pending" for one in KINDS["challenges"] if one["author"] in untrusted)


def test_what_is_hidden_was_reported_before_and_two_reports_wait() -> None:
    about = [decision for decision in KINDS["decisions"] if decision["measure"] != "approve"]
    decided = {decision["on"]: decision["days_ago"] for decision in about}
    assert {decision["measure"] for decision in about} == {"hide", "dismiss"}
    reported = {report["on"]: report["days_ago"] for report in KINDS["reports"]}
    assert all(reported[key] > days for key, days in decided.items())
    assert len(reported.keys() - decided.keys()) == 2


def test_grounds_and_measures_are_those_of_moderation() -> None:
    assert {entry["ground"] for kind in ("decisions", "reports") for entry in KINDS[kind]} <= set(Ground)
    assert {decision["measure"] for decision in KINDS["decisions"]} <= set(Measure)


def test_the_closed_chains_were_funded_before_they_were_realised() -> None:
    done = {project["key"]: project for project in KINDS["projects"] if "realised" in project}
    funded = [campaign for campaign in KINDS["campaigns"] if campaign["project"] in done]
    assert len(funded) >= 2
    for campaign in funded:
        project = done[campaign["project"]]
        assert campaign["raised_cents"] >= campaign["goal_cents"]
        days = [project["days_ago"], campaign["starts_days_ago"], -campaign["ends_in_days"]]
        days.append(project["realised"]["days_ago"])
        assert days == sorted(days, reverse=True)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_texts_keep_the_tone(kind: str) -> None:
    for entry in KINDS[kind]:
        text = "\n".join(_texts(entry))
        assert "!" not in text, entry["key"]
        assert "—" not in text, entry["key"]
        assert len(entry.get("summary", "")) <= 160, entry["key"]
        assert 3 <= len(entry.get("title", "...")) <= 90, entry["key"]
        assert not {'"', "..."} & set(re.findall(r'"|\.\.\.', text)), entry["key"]


def test_addresses_lead_nowhere() -> None:
    assert all(person["email"].endswith("@example.org") for person in KINDS["people"])
    assert all(entry["url"].startswith("https://crowdfunding.example/") for entry in KINDS["campaigns"])
