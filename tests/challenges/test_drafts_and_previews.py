"""From the draft to the archive: who sees what, and where nothing is any more."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from app.attachments.commands import remove
from app.attachments.queries import files_of, pictures_of
from app.challenges import commands
from app.challenges.commands import PhaseText, set_state
from app.kit import clock, storage
from app.kit.db import db, unit_of_work
from app.subjects.models import ActivityRow
from tests.client import Client
from tests.factories.challenges import a_challenge, a_phase, an_answer, in_days, the
from tests.factories.world import challenge_draft, challenge_text, person, photo
from tests.people import Cast

SignedIn = Callable[..., Client]
WORDS = {"title": "Ein Hof für alle", "summary": "Kurz.", "problem": "Er ist abgeschlossen.", "topic": "youth"}


def state_of(app: Flask, number: int) -> str:
    with app.test_request_context():
        return the(number).state


def number_in(address: str) -> int:
    return int(address.removeprefix("/challenges/").partition("-")[0])


def test_a_draft_is_seen_by_its_author_and_staff_until_it_is_handed_in(
    app: Flask, cast: Cast, client: Client, signed_in: SignedIn
) -> None:
    mara, anton, ruth = signed_in(cast.mara), signed_in(cast.anton), signed_in(cast.ruth)
    page = mara.page("/challenges/new").form("/challenges").fill(**WORDS).submit("Als Entwurf speichern")
    address = page.path
    assert "Das ist ein Entwurf." in page
    assert WORDS["title"] not in client.page("/challenges")
    client.page(address, expect=404)
    anton.page(address, expect=404)
    ruth.page(address)
    form = mara.page(f"/challenges/{number_in(address)}/edit").form("Entwurf speichern")
    page = form.fill(problem="Er ist immer abgeschlossen.").submit("Entwurf speichern")
    assert "Er ist immer abgeschlossen." in page
    page = page.form("#acts").submit("Zur Prüfung geben")
    assert "noch nicht öffentlich" in page
    client.page(address, expect=404)
    page = page.form("#acts").submit("Zurück zum Entwurf")
    page.form("#acts").submit("Zur Prüfung geben")
    assert state_of(app, number_in(address)) == "pending"


def test_a_trusted_members_draft_is_public_once_it_is_handed_in(
    app: Flask, cast: Cast, client: Client, signed_in: SignedIn
) -> None:
    anton = signed_in(cast.anton)
    page = anton.page("/challenges/new").form("/challenges").fill(**WORDS).submit("Als Entwurf speichern")
    form = anton.page(f"/challenges/{number_in(page.path)}/edit").form("Speichern und veröffentlichen")
    form.submit("Speichern und veröffentlichen")
    assert WORDS["title"] in client.page("/challenges")


@pytest.mark.parametrize("phased", [True, False])
def test_a_draft_says_of_no_phase_that_it_runs(
    app: Flask, cast: Cast, client: Client, signed_in: SignedIn, draft: int, phased: bool
) -> None:
    anton = signed_in(cast.anton)
    if not phased:
        page = anton.page("/challenges/new").form("/challenges").fill(**WORDS).submit("Als Entwurf speichern")
        draft = number_in(page.path)
    page = anton.page(f"/challenges/{draft}")
    page.form("#acts").submit("Link zur Vorschau machen")
    for shown in (page, client.page(link(app, draft))):
        assert not shown.select(".phases .now, .phases .done")
        assert "läuft jetzt" not in shown.main
        assert "steht hier, was möglich ist" in shown.main
        assert "Diese Herausforderung melden" not in shown
    anton.page(f"/challenges/{draft}").form("#acts").submit("Veröffentlichen")
    shown = anton.page(f"/challenges/{draft}")
    assert len(shown.select(".phases .now")) == 1
    assert "Diese Herausforderung melden" in shown


def test_a_draft_that_is_thrown_away_is_nowhere(app: Flask, cast: Cast, signed_in: SignedIn) -> None:
    anton, ruth = signed_in(cast.anton), signed_in(cast.ruth)
    page = anton.page("/challenges/new").form("/challenges").fill(**WORDS).submit("Als Entwurf speichern")
    address = page.path
    page.form("#acts").submit("Ja, Entwurf löschen")
    for who in (anton, ruth):
        who.page(address, expect=404)
    assert WORDS["title"] not in anton.page("/account").text.replace("Der Entwurf ist gelöscht.", "")


@pytest.fixture
def draft(app: Flask, cast: Cast) -> int:
    with app.test_request_context(), unit_of_work():
        return challenge_draft(person("anton")).id


def link(app: Flask, number: int) -> str:
    with app.test_request_context():
        return f"/challenges/preview/{the(number).preview_token}"


def status(client: Client, address: str) -> int:
    with client.get(address) as response:
        return response.status_code


def test_a_preview_link_shows_the_page_to_whoever_has_it_until_it_ends(
    app: Flask, cast: Cast, client: Client, signed_in: SignedIn, draft: int
) -> None:
    anton = signed_in(cast.anton)
    anton.page(f"/challenges/{draft}").form("#acts").submit("Link zur Vorschau machen")
    first = link(app, draft)
    response = client.get(first)
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    page = client.page(first)
    assert "Das ist eine Vorschau." in page
    assert 'name="robots" content="noindex' in page.html
    for act in ("Folgen", "Idee dazu einreichen", "verwalten", "Kommentar"):
        assert act not in page.text.partition("Das ist eine Vorschau.")[2].partition("Ansehen")[0], act
    anton.page(f"/challenges/{draft}").form("#acts").submit("Link erneuern")
    client.page(first, expect=404)
    second = link(app, draft)
    client.page(second)
    anton.page(f"/challenges/{draft}").form("#acts").submit("Link beenden")
    client.page(second, expect=404)
    client.page("/challenges/preview/None", expect=404)


def test_a_preview_link_leads_to_the_page_when_the_challenge_is_public(
    app: Flask, cast: Cast, client: Client, draft: int
) -> None:
    with app.test_request_context(), unit_of_work():
        commands.share_preview(the(draft), by=person("anton"))
    address = link(app, draft)
    client.page(address)
    with app.test_request_context(), unit_of_work():
        commands.submit_challenge(the(draft), by=person("anton"))
    response = client.get(address)
    assert response.status_code == 302
    assert response.location == f"/challenges/{draft}-ein-hof-fuer-alle"
    client.page(response.location)
    with app.test_request_context(), unit_of_work():
        set_state(the(draft), "hidden", "Doppelt vorhanden.")
    client.page(client.get(address).location, expect=410)


def test_a_preview_shows_pictures_and_files_to_whoever_has_the_link_and_to_nobody_else(
    app: Flask, cast: Cast, client: Client, signed_in: SignedIn
) -> None:
    anton = signed_in(cast.anton)
    uploads = {"picture": [("a.jpg", photo()), ("b.jpg", photo(320))]}
    form = anton.page("/challenges/new").form("/challenges").fill(**WORDS, **uploads)
    page = form.fill(file=("plan.txt", b"Ein Plan.")).submit("Als Entwurf speichern")
    number = number_in(page.path)
    page.form("#acts").submit("Link zur Vorschau machen")
    token = link(app, number).rpartition("/")[2]
    page = client.page(link(app, number))
    shown = {str(tag.get("src")) for tag in page.select("img.photo, .gallery img")} | set(page.links("plan.txt"))
    assert len(shown) == 3
    for address in shown:
        assert status(client, address) == 200, address
        assert status(client, address.partition("?")[0]) == 404
        assert status(client, address.replace(token, "geraten")) == 404
        assert status(anton, address.replace(token, "geraten")) == 200
    with app.test_request_context(), unit_of_work():
        set_state(the(number), "hidden", "")
    assert {status(client, address) for address in shown} == {404}


def test_a_hidden_challenge_says_why_it_is_gone(app: Flask, cast: Cast, client: Client) -> None:
    with app.test_request_context(), unit_of_work():
        challenge = a_challenge()
        number = challenge.id
        set_state(challenge, "hidden", "Doppelt vorhanden.")
    assert "Doppelt vorhanden." in client.page(f"/challenges/{number}", expect=410)
    for part in ("/news", "/outcomes"):
        client.page(f"/challenges/{number}{part}", expect=410)


def test_after_opening_its_author_adds_but_does_not_rewrite(app: Flask, cast: Cast, signed_in: SignedIn) -> None:
    with app.test_request_context(), unit_of_work():
        challenge = a_challenge("Warten im Regen")
        number = challenge.id
    anton, ruth = signed_in(cast.anton), signed_in(cast.ruth)
    form = anton.page(f"/challenges/{number}/edit").form("Änderungen speichern")
    assert "title" not in form.names
    form.force(title="Etwas anderes").fill(known="Es gibt eine Studie.", links="https://studie.example Die Studie")
    page = form.submit()
    assert page.h1 == "Warten im Regen"
    assert "Es gibt eine Studie." in page
    assert "Die Studie" in page
    words = {"title": "Warten bei Wind", "topic": "mobility"}
    page = ruth.page(f"/challenges/{number}/edit").form("Änderungen speichern").fill(**words).submit()
    assert page.h1 == "Warten bei Wind"
    assert "Es gibt eine Studie." in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("links", "http://unsicher.example", "https://"),
        ("links", "javascript:alert(1)", "https://"),
        ("links", "\n".join(f"https://a{n}.example" for n in range(13)), "Höchstens 12 Links"),
        ("contact_email", "kein-mail", "keine gültige E-Mail-Adresse"),
        ("contact_email", "a@example.org", "wem die Adresse gehört"),
        ("more_places", "Leipzig\nNirgendheim", "Nirgendheim"),
        ("ends_on", "2020-01-01", "in der Zukunft"),
        ("ends_on", "2999-01-01", "in der Zukunft"),
        ("ends_on", "bald", ""),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_lost(
    app: Flask, cast: Cast, signed_in: SignedIn, field: str, value: str, words: str
) -> None:
    anton = signed_in(cast.anton)
    form = anton.page("/challenges/new").form("/challenges").fill(**WORDS).force(**{field: value})
    page = form.submit("Herausforderung einreichen", expect=422)
    assert words in page
    assert page.form("/challenges").values["problem"] == [WORDS["problem"]]


def test_further_topics_places_goals_and_a_contact_stand_on_the_page(
    app: Flask, cast: Cast, client: Client, signed_in: SignedIn
) -> None:
    anton = signed_in(cast.anton)
    form = anton.page("/challenges/new").form("/challenges").fill(**WORDS)
    form.fill(place="Leipzig", more_places="Dresden\nChemnitz", more_topics=["mobility"], sdgs=["5"])
    form.fill(contact_name="Frau Beispiel", contact_role="Jugendamt", contact_email="jugend@example.org")
    form.fill(affected="Alle unter zwanzig.", known="Seit Jahren bekannt.")
    page = form.submit("Herausforderung einreichen")
    shown = client.page(page.path)
    for words in ("Chemnitz", "Dresden", "Mobilität", "Geschlechtergleichheit", "Frau Beispiel", "Jugendamt"):
        assert words in shown, words
    assert "jugend@example.org" in shown
    assert "Alle unter zwanzig." in shown
    assert WORDS["title"] in client.page("/challenges?topic=mobility"), "also found by a further topic"


def test_a_challenge_is_also_told_in_easy_language(cast: Cast, client: Client, signed_in: SignedIn) -> None:
    anton = signed_in(cast.anton)
    form = anton.page("/challenges/new").form("/challenges").fill(**WORDS, easy_text="Es gibt zu wenig Busse.")
    page = form.submit("Herausforderung einreichen")
    shown = client.page(page.path)
    assert "Diesen Text gibt es auch in Leichter Sprache." in shown
    assert "Es gibt zu wenig Busse." not in shown
    assert "Es gibt zu wenig Busse." in client.page(f"{page.path}?easy=1")
    edit = anton.page(f"/challenges/{number_in(page.path)}/edit").form("/edit")
    assert edit.values["easy_text"] == ["Es gibt zu wenig Busse."]


def test_a_copy_takes_words_questions_and_phases_but_no_dates_and_no_ideas(
    app: Flask, cast: Cast, signed_in: SignedIn, draft: int
) -> None:
    with app.test_request_context(), unit_of_work():
        commands.submit_challenge(the(draft), by=person("anton"))
        an_answer(the(draft))
    anton = signed_in(cast.anton)
    page = anton.page(f"/challenges/{draft}").click("Als Vorlage nehmen").form("/copy").fill(first_day="").submit()
    copy = number_in(page.path.removesuffix("/edit"))
    with app.test_request_context():
        made = the(copy)
        assert (made.title, made.state, made.ideas_count) == ("Ein Hof für alle (Kopie)", "draft", 0)
        assert [(p.kind, p.starts_at, p.ends_at, p.acts) for p in made.phases] == [
            (p.kind, None, None, p.acts) for p in the(draft).phases
        ]
        assert [q.label for q in made.questions] == ["Was kostet es?"]
        assert [c.name for c in made.criteria] == ["Wirkung"]
        assert [one.url for one in made.links] == ["https://studie.example"]
        assert [t.key for t in made.more_topics] == ["youth"]
        assert len(the(draft).questions) == 1, "the template keeps its own"


def test_the_dates_of_a_copy_move_together(app: Flask, cast: Cast, signed_in: SignedIn) -> None:
    with app.test_request_context(), unit_of_work():
        collecting = a_phase("collect", first=in_days(10), last=in_days(30))
        phases = [collecting, a_phase("discuss", last=in_days(40)), a_phase("decide", first=in_days(50))]
        challenge = a_challenge()
        commands.save_phases(challenge, [*phases, PhaseText(kind="realise", by_hand=True)], by=person("ruth"))
        number = challenge.id
    page = signed_in(cast.anton).page(f"/challenges/{number}").click("Als Vorlage nehmen")
    offered = date.fromisoformat(page.form("/copy").values["first_day"][0])
    with app.test_request_context():
        assert offered.weekday() == clock.today().weekday(), "discussing began with publishing, today"
        assert 14 <= (offered - clock.today()).days <= 20
        far = in_days(100)
    late = page.form("/copy").fill(first_day="2020-01-01").submit(expect=422)
    assert "Wählen Sie einen Tag von heute an" in late
    page = late.form("/copy").fill(first_day=far.isoformat()).submit()
    with app.test_request_context():
        made = the(number_in(page.path.removesuffix("/edit")))
        assert [(phase.first_day, phase.last_day) for phase in made.phases] == [
            (in_days(110), in_days(130)),
            (in_days(100), in_days(140)),
            (in_days(150), None),
            (None, None),
        ]
        assert [phase.by_hand for phase in made.phases] == [False, False, False, True]
        assert made.last_day == in_days(130)


def test_the_end_of_collecting_moves_with_a_copy(app: Flask, cast: Cast, signed_in: SignedIn) -> None:
    with app.test_request_context(), unit_of_work():
        number, far = a_challenge(ends_at=clock.end_of(in_days(7))).id, in_days(20)
    form = signed_in(cast.anton).page(f"/challenges/{number}/copy").form("/copy")
    page = form.fill(first_day=far.isoformat()).submit()
    with app.test_request_context():
        assert the(number_in(page.path.removesuffix("/edit"))).last_day == in_days(27)


def test_the_archive_lets_people_read_and_nothing_else(
    app: Flask, cast: Cast, client: Client, signed_in: SignedIn
) -> None:
    with app.test_request_context(), unit_of_work():
        challenge = a_challenge()
        number, idea = challenge.id, an_answer(challenge).id
    ruth, anton = signed_in(cast.ruth), signed_in(cast.anton)
    ruth.page(f"/challenges/{number}").form("#acts").submit("Ins Archiv legen")
    assert "liegt im Archiv" in client.page(f"/challenges/{number}")
    assert "Warten im Regen" not in client.page("/challenges")
    assert "Warten im Regen" in client.page("/challenges?standing=archived")
    anton.page(f"/challenges/{number}/edit", expect=403)
    anton.send(f"/ideas/{idea}/support", {"data": {"csrf_token": token(anton)}}, expect=409)
    ruth.page(f"/challenges/{number}").form("#acts").submit("Aus dem Archiv holen")
    assert "Idee dazu einreichen" in client.page(f"/challenges/{number}"), "it was open before"


def test_the_list_knows_open_collected_and_answered(app: Flask, cast: Cast, client: Client) -> None:
    with app.test_request_context(), unit_of_work():
        a_challenge("Offen")
        a_challenge("Vorbei", ends_at=clock.end_of(in_days(1)))
        done = a_challenge("Beantwortet worden")
        commands.mark_answered(done)
        tomorrow = clock.end_of(in_days(1))
    with clock.at(tomorrow):
        for standing, title in (("open", "Offen"), ("closed", "Vorbei"), ("answered", "Beantwortet worden")):
            page = client.page(f"/challenges?standing={standing}")
            assert [link.text_content() for link in page.select(".challenge-card h3 a")] == [title]


def test_the_same_words_sent_twice_are_one_challenge(app: Flask, cast: Cast) -> None:
    with app.test_request_context(), unit_of_work():
        first = commands.post_challenge(challenge_text("Zweimal"), by=person("anton"))
        assert commands.post_challenge(challenge_text("Zweimal"), by=person("anton")).id == first.id


def token(client: Client) -> str:
    return client.page("/").form("#acts").values["csrf_token"][0]


def test_a_second_press_shows_what_the_first_did(app: Flask, cast: Cast, signed_in: SignedIn) -> None:
    with app.test_request_context(), unit_of_work():
        number = challenge_draft(person("mara")).id
    form = signed_in(cast.mara).page(f"/challenges/{number}").form("#acts")
    for _click in ("first", "second"):
        assert "bevor sie öffentlich wird" in form.submit("Zur Prüfung geben")
    with app.test_request_context(), unit_of_work(writes=False):
        told = db.select(db.func.count()).select_from(ActivityRow).where(ActivityRow.subject_id == number)
        assert db.session.scalar(told.where(ActivityRow.name == "challenge_submitted")) == 1


def test_a_copy_has_pictures_and_files_of_its_own(app: Flask, cast: Cast, signed_in: SignedIn, draft: int) -> None:
    anton = signed_in(cast.anton)
    form = (
        anton.page(f"/challenges/{draft}/edit")
        .form("Entwurf speichern")
        .fill(topic="youth", picture_alt="Der Hof von oben")
    )
    form.fill(picture=("hof.jpg", photo()), file=("plan.txt", b"Ein Plan.")).submit("Entwurf speichern")
    page = anton.page(f"/challenges/{draft}").click("Als Vorlage nehmen").form("/copy").fill(first_day="").submit()
    copy = number_in(page.path.removesuffix("/edit"))
    with app.test_request_context(), unit_of_work():
        picture, file = pictures_of([draft])[draft][0], files_of([draft])[draft][0]
        remove(picture)
        remove(file)
    with app.test_request_context(), unit_of_work(writes=False):
        picture, file = pictures_of([copy])[copy][0], files_of([copy])[copy][0]
        assert (picture.alt, file.name, file.size) == ("Der Hof von oben", "plan.txt", 9)
        assert all(storage.path_of(key).exists() for key in (*picture.keys, *file.keys))
