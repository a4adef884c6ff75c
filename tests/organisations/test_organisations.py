"""Organisations: their page, their people, their invitations, their verified mark."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.accounts.commands import delete_account
from app.kit.db import db, unit_of_work
from app.kit.errors import Conflict, NotAllowed
from app.moderation.models import Case
from app.organisations import commands, queries
from app.organisations.models import Invitation, Membership, Organisation, Role
from app.subjects.models import ActivityRow
from tests.client import PASSWORD, Client
from tests.factories.world import organisation_text, person, photo
from tests.people import Cast, Person
from tests.support.mailbox import Mailbox, text_of_message
from tests.support.pages import Page

SignedIn = Callable[[Person], Client]
Work = Callable[[], None]


def found(app: Flask, name: str = "Offene Werkstatt", who: str = "anton", **more: object) -> str:
    """An organisation; returns its address."""
    with app.test_request_context(), unit_of_work():
        return commands.found_organisation(organisation_text(name, **more), by=person(who)).slug


def join(app: Flask, slug: str, who: str, role: Role = Role.EDITOR) -> None:
    with app.test_request_context(), unit_of_work():
        commands.add_member(organisation(slug), person(who).id, role, by=person(who))


def organisation(slug: str) -> Organisation:
    return db.session.scalars(db.select(Organisation).where(Organisation.slug == slug)).one()


def roles(app: Flask, slug: str) -> dict[str, str]:
    """Who belongs to it, by first name."""
    with app.app_context(), unit_of_work(writes=False):
        members = queries.members_of(organisation(slug).id)
        return {one.person.name.split()[0]: one.role for one in members}


def test_a_member_introduces_an_organisation_with_a_logo(app: Flask, cast: Cast, signed_in: SignedIn) -> None:
    form = signed_in(cast.anton).page("/organisations/new").form("/organisations")
    page = form.fill(
        name="Nähcafé Löbau e. V.",
        category="association",
        summary="Wir nähen.",
        website="naehcafe.example",
        logo=("logo.jpg", photo()),
    ).submit()
    assert page.h1 == "Nähcafé Löbau e. V."
    assert page.select(".avatar-logo img"), "its logo"
    assert "naehcafe.example" in page
    assert not page.links("naehcafe.example"), "no link before staff know them"
    assert roles(app, "naehcafe-loebau-e-v") == {"Anton": "owner"}


def test_the_address_stays_when_the_name_changes_and_is_never_given_twice(
    app: Flask, cast: Cast, signed_in: SignedIn
) -> None:
    slug = found(app)
    form = signed_in(cast.anton).page(f"/organisations/{slug}/edit").form(f"/organisations/{slug}/edit")
    assert form.fill(name="Ganz anders").submit().h1 == "Ganz anders"
    assert found(app, who="ruth") == "offene-werkstatt-2"
    assert found(app, "New", who="ruth") == "new-2", "the form's own address is never given"


def test_an_organisation_of_a_new_member_waits_and_is_published_by_a_moderator(
    app: Flask, cast: Cast, signed_in: SignedIn, client: Client
) -> None:
    slug = found(app, who="mara")
    client.page(f"/organisations/{slug}", expect=404)
    assert "noch nicht öffentlich" in signed_in(cast.mara).page(f"/organisations/{slug}")
    with app.app_context(), unit_of_work(writes=False):
        case = db.session.scalars(db.select(Case.id)).one()
    ruth = signed_in(cast.ruth)
    page = ruth.page(f"/moderation/{case}")
    assert "Wir reparieren." in page
    assert "Mara Albrecht" in page
    page.form("/decision").fill(measure="approve").submit()
    assert client.page(f"/organisations/{slug}").h1 == "Offene Werkstatt"


def test_a_hidden_organisation_says_why(app: Flask, cast: Cast, client: Client) -> None:
    slug = found(app)
    with app.test_request_context(), unit_of_work():
        commands.set_state(organisation(slug), "hidden", "Es gibt sie nicht.")
    assert "Es gibt sie nicht." in client.page(f"/organisations/{slug}", expect=410)
    assert slug not in client.page("/organisations")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Ältere Hilfe", "Bürgerbus", "Zoo"]),
        ("?category=company", ["Zoo"]),
        ("?verified=1", ["Bürgerbus"]),
        ("?q=bus", ["Bürgerbus"]),
        ("?q=bus&category=company", []),
    ],
)
def test_the_list_is_in_german_order_and_filtered(
    app: Flask, cast: Cast, client: Client, query: str, names: list[str]
) -> None:
    found(app, "Zoo", category="company")
    found(app, "Ältere Hilfe", who="ruth")
    bus = found(app, "Bürgerbus")
    with app.test_request_context(), unit_of_work():
        commands.verify(organisation(bus), by=person("ruth"))
    assert client.page(f"/organisations{query}").texts(".organisation-card h3 a") == names


def test_the_search_finds_it_while_it_is_public(app: Flask, cast: Cast, client: Client) -> None:
    slug = found(app, "Fahrradküche")
    assert f"/organisations/{slug}" in client.page("/search?q=fahrradküche").links("Fahrradküche")
    with app.test_request_context(), unit_of_work():
        commands.set_state(organisation(slug), "hidden", "Nein.")
    assert not client.page("/search?q=fahrradküche").links("Fahrradküche")


def test_only_its_people_and_staff_see_who_belongs_to_it(
    app: Flask, cast: Cast, signed_in: SignedIn, client: Client
) -> None:
    slug = found(app)
    assert "Wer dazugehört" not in client.page(f"/organisations/{slug}")
    assert "Wer dazugehört" not in signed_in(cast.mara).page(f"/organisations/{slug}")
    for one in (cast.anton, cast.ruth):
        assert "Wer dazugehört" in signed_in(one).page(f"/organisations/{slug}")


def test_somebody_without_an_account_is_invited_registers_and_joins(
    app: Flask, cast: Cast, signed_in: SignedIn, client: Client, smtp: Mailbox, work: Work
) -> None:
    slug = found(app)
    invite(signed_in(cast.anton), slug, "neu@example.org")
    work()
    link = smtp.link_in_last_to("neu@example.org", "/invitations/")
    page = client.page(link)
    assert "n…@example.org" in page
    assert "neu@example.org" not in page
    words = {"name": "Nele Neu", "email": "neu@example.org", "password": PASSWORD, "password_confirm": PASSWORD}
    client.page("/register").form("/register").fill(**words).submit()
    work()
    client.page(smtp.link_in_last_to("neu@example.org", "/confirm"))
    fields = {"email": "neu@example.org", "password": PASSWORD}
    page = client.page("/login").form("/login").fill(**fields).submit()
    assert page.h1 == "Einladung zu Offene Werkstatt", "they come back by themselves"
    for _click in ("first", "second"):
        assert page.press("Einladung annehmen").h1 == "Offene Werkstatt"
    assert roles(app, slug) == {"Anton": "owner", "Nele": "editor"}
    assert "schon angenommen" in client.page(link)


def test_inviting_says_the_same_whether_there_is_an_account_or_not(app: Flask, cast: Cast, signed_in: SignedIn) -> None:
    slug, anton = found(app), signed_in(cast.anton)
    known, unknown = (invite(anton, slug, address) for address in ("mara@example.org", "wer@example.org"))
    assert known.replace("mara@", "") == unknown.replace("wer@", "")


def test_a_second_invitation_within_the_hour_sends_nothing_and_a_later_one_replaces_the_first(
    app: Flask, cast: Cast, signed_in: SignedIn, smtp: Mailbox, work: Work
) -> None:
    slug, anton = found(app), signed_in(cast.anton)
    invite(anton, slug, "mara@example.org")
    for role in ("editor", "owner"):
        page = refused(anton, slug, "Mara@Example.org", role=role)
        assert "Wir haben nichts geschickt. Wieder ab" in page.texts("#email-fehler")[0]
    work()
    assert len(smtp.to("mara@example.org")) == 1
    first = smtp.link_in_last_to("mara@example.org", "/invitations/")
    an_hour_passes(app)
    invite(anton, slug, "mara@example.org", role="owner")
    work()
    assert len(smtp.to("mara@example.org")) == 2
    mara = signed_in(cast.mara)
    assert "durch eine neuere ersetzt" in mara.page(first)
    mara.page(smtp.link_in_last_to("mara@example.org", "/invitations/")).press("Einladung annehmen")
    assert roles(app, slug)["Mara"] == "owner"


def test_the_wrong_account_learns_which_address_was_meant_but_not_all_of_it(
    app: Flask, cast: Cast, signed_in: SignedIn, smtp: Mailbox, work: Work
) -> None:
    slug = found(app)
    invite(signed_in(cast.anton), slug, "mara@example.org")
    work()
    link = smtp.link_in_last_to("mara@example.org", "/invitations/")
    ruth = signed_in(cast.ruth)
    page = ruth.page(link)
    assert "m…@example.org" in page
    assert "mara@" not in page
    token = page.form("#acts").values["csrf_token"][0]
    assert ruth.post(f"{link}/acceptance", data={"csrf_token": token}).status_code == 403
    assert "Ruth" not in roles(app, slug)


def test_a_withdrawn_or_expired_invitation_says_so(
    app: Flask, cast: Cast, signed_in: SignedIn, smtp: Mailbox, work: Work
) -> None:
    slug, anton, mara = found(app), signed_in(cast.anton), signed_in(cast.mara)
    invite(anton, slug, "mara@example.org")
    work()
    link = smtp.link_in_last_to("mara@example.org", "/invitations/")
    anton.page(f"/organisations/{slug}/members").press("Zurückziehen")
    assert "zurückgezogen" in mara.page(link)
    with app.app_context(), unit_of_work():
        past = db.select(Invitation.created_at).scalar_subquery()
        db.session.execute(db.update(Invitation).values(withdrawn_at=None, expires_at=past))
    assert "abgelaufen" in mara.page(link)


def test_the_last_owner_can_neither_leave_nor_give_it_up(app: Flask, cast: Cast, signed_in: SignedIn) -> None:
    slug = found(app)
    join(app, slug, "mara")
    anton = signed_in(cast.anton)
    page = anton.page(f"/organisations/{slug}/members")
    assert "Jemand muss die Organisation verwalten" in page.texts(f"#mensch-{cast.anton.id}")[0]
    assert "Verlassen" not in page.texts(f"#mensch-{cast.anton.id} .button")
    data = {"csrf_token": page.form("#acts").values["csrf_token"][0], "role": "editor"}
    for act in ("role", "removal"):
        stale = anton.post(f"/organisations/{slug}/members/{cast.anton.id}/{act}", data=data)
        assert stale.status_code == 409
        assert "Wer dazugehört" in stale.text
        assert "Geben Sie diese Aufgabe zuerst einer anderen Person" in stale.text
    with app.test_request_context(), unit_of_work():
        commands.change_role(organisation(slug), cast.mara.id, "owner", by=person("anton"))
    anton.page(f"/organisations/{slug}/members").press("Ja, verlassen")
    assert roles(app, slug) == {"Mara": "owner"}


def test_whoever_never_belonged_has_no_role_and_whoever_left_no_longer(
    app: Flask, cast: Cast, signed_in: SignedIn
) -> None:
    slug = found(app)
    anton = signed_in(cast.anton)
    data = {"csrf_token": anton.page("/").form("#acts").values["csrf_token"][0], "role": "owner"}
    members = f"/organisations/{slug}/members"
    for act in ("role", "removal"):
        assert anton.post(f"{members}/{cast.mara.id}/{act}", data=data).status_code == 404, act
    join(app, slug, "mara")
    for status in (303, 303):  # a double click
        assert anton.post(f"{members}/{cast.mara.id}/removal", data=data).status_code == status
    late = anton.post(f"{members}/{cast.mara.id}/role", data=data)
    assert late.status_code == 409
    assert "gehört nicht mehr dazu" in late.text


def test_members_and_oneself_are_not_invited(app: Flask, cast: Cast, signed_in: SignedIn) -> None:
    slug, anton = found(app), signed_in(cast.anton)
    join(app, slug, "mara")
    assert "Ihre eigene Adresse" in refused(anton, slug, "Anton@example.org")
    assert "gehört schon dazu" in refused(anton, slug, "mara@example.org")


def test_withdrawing_and_inviting_again_sends_no_second_mail_within_the_hour(
    app: Flask, cast: Cast, signed_in: SignedIn, smtp: Mailbox, work: Work
) -> None:
    slug, anton = found(app), signed_in(cast.anton)
    invite(anton, slug, "mara@example.org")
    anton.page(f"/organisations/{slug}/members").press("Zurückziehen")
    assert "nichts geschickt" in refused(anton, slug, "mara@example.org")
    work()
    assert len(smtp.to("mara@example.org")) == 1


def test_an_organisation_invites_twenty_people_a_day(app: Flask, cast: Cast, signed_in: SignedIn) -> None:
    slug = found(app)
    with app.test_request_context(), unit_of_work():
        for number in range(20):
            commands.invite(organisation(slug), f"wer{number}@example.org", Role.EDITOR, by=person("anton"))
    page = refused(signed_in(cast.anton), slug, "noch@example.org", expect=409)
    assert "genug Einladungen" in page
    assert page.form("/invitations").values["email"] == ["noch@example.org"]


def test_only_a_public_organisation_invites_and_its_invitations_count_no_longer(
    app: Flask, cast: Cast, signed_in: SignedIn, client: Client, smtp: Mailbox, work: Work
) -> None:
    slug, anton, mara = found(app), signed_in(cast.anton), signed_in(cast.mara)
    invite(anton, slug, "mara@example.org")
    work()
    link = smtp.link_in_last_to("mara@example.org", "/invitations/")
    form, accepting = anton.page(f"/organisations/{slug}/members").form("/invitations"), mara.page(link)
    with app.test_request_context(), unit_of_work():
        commands.set_state(organisation(slug), "hidden", "Es gibt sie nicht.")
    page = form.fill(email="neu@example.org", role="editor").submit(expect=409)
    assert "erst, wenn die Seite der Organisation öffentlich ist" in page
    assert not page.select("#email"), "no form"
    assert "zurzeit nicht öffentlich" in client.page(link, expect=410)
    accepting.press("Einladung annehmen", expect=410)
    assert roles(app, slug) == {"Anton": "owner"}


def test_an_editor_who_accepts_to_own_it_does(
    app: Flask, cast: Cast, signed_in: SignedIn, smtp: Mailbox, work: Work
) -> None:
    slug = found(app)
    invite(signed_in(cast.anton), slug, "mara@example.org", role="owner")
    join(app, slug, "mara")
    work()
    page = signed_in(cast.mara).page(smtp.link_in_last_to("mara@example.org", "/invitations/"))
    assert "Sie verwalten jetzt" in page.press("Einladung annehmen")
    assert roles(app, slug)["Mara"] == "owner"


@pytest.mark.parametrize("name", ["Gewinn http", "WWW.gewinn.example", "x://y"])
def test_a_name_is_no_address(app: Flask, cast: Cast, signed_in: SignedIn, name: str) -> None:
    form = signed_in(cast.anton).page("/organisations/new").form("/organisations")
    assert "enthält eine Adresse" in form.fill(name=name, category="other", summary="Y").submit(expect=422)


def test_editors_leave_but_remove_nobody(app: Flask, cast: Cast) -> None:
    slug = found(app)
    join(app, slug, "mara")
    with app.test_request_context(), unit_of_work(), pytest.raises(NotAllowed):
        commands.remove_member(organisation(slug), cast.anton.id, by=person("mara"))
    with app.test_request_context(), unit_of_work():
        commands.remove_member(organisation(slug), cast.mara.id, by=person("mara"))
        commands.remove_member(organisation(slug), cast.mara.id, by=person("anton"))
    assert roles(app, slug) == {"Anton": "owner"}


def test_an_organisation_outlives_its_owner_and_staff_appoint_another(
    app: Flask, cast: Cast, signed_in: SignedIn, client: Client
) -> None:
    slug = found(app)
    with app.test_request_context(), unit_of_work():
        delete_account(person("anton"), by=person("anton"))
    assert client.page(f"/organisations/{slug}").h1 == "Offene Werkstatt"
    ruth = signed_in(cast.ruth)
    members = ruth.page(f"/organisations/{slug}/members")
    assert "gibt es kein Konto" in members.form("/owners").fill(email="wer@example.org").submit(expect=422)
    members.form("/owners").fill(email="mara@example.org").submit()
    assert roles(app, slug) == {"Mara": "owner"}
    with app.test_request_context(), unit_of_work(), pytest.raises(Conflict):
        commands.appoint_owner(organisation(slug), person("sven"), by=person("ruth"))


def test_staff_verify_and_take_it_back_with_a_reason_in_the_audit_trail(
    app: Flask, cast: Cast, signed_in: SignedIn, client: Client
) -> None:
    slug = found(app, website="https://werkstatt.example/")
    page = signed_in(cast.ruth).page(f"/organisations/{slug}")
    page.form("/verification").fill(reason="Registerauszug gesehen").submit()
    public = client.page(f"/organisations/{slug}")
    assert public.links("werkstatt.example") == ["https://werkstatt.example/"]
    assert "nofollow" in public.select("a[href='https://werkstatt.example/']")[0].get("rel")
    signed_in(cast.ruth).page(f"/organisations/{slug}").form("/verification/withdrawal").submit()
    assert not client.page(f"/organisations/{slug}").links("werkstatt.example")
    with app.app_context(), unit_of_work(writes=False):
        names = ("organisation_verified", "verification_withdrawn")
        rows = db.session.scalars(db.select(ActivityRow).where(ActivityRow.name.in_(names)).order_by(ActivityRow.id))
        assert [(row.name, row.actor_id, row.facts["reason"]) for row in rows] == [
            (names[0], cast.ruth.id, "Registerauszug gesehen"),
            (names[1], cast.ruth.id, ""),
        ]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "ftp://x.example", "https://", "nur-ein-wort", "https://u:p@x.example", "a b.de"]
)
def test_a_website_is_a_web_address(app: Flask, cast: Cast, signed_in: SignedIn, address: str) -> None:
    form = signed_in(cast.anton).page("/organisations/new").form("/organisations")
    page = form.fill(name="X", category="other", summary="Y", website=address).submit(expect=422)
    assert "keine Adresse im Web" in page


def test_a_double_click_founds_one_organisation(app: Flask, cast: Cast) -> None:
    assert found(app) == found(app)


def test_deleting_the_account_forgets_memberships_and_invitations(app: Flask, cast: Cast) -> None:
    slug = found(app)
    join(app, slug, "mara")
    other = found(app, "Zweite")
    with app.test_request_context(), unit_of_work():
        commands.invite(organisation(other), "mara@example.org", Role.EDITOR, by=person("anton"))
        delete_account(person("mara"), by=person("mara"))
    with app.app_context(), unit_of_work(writes=False):
        assert db.session.scalars(db.select(Membership.person_id)).all() == [cast.anton.id, cast.anton.id]
        assert db.session.scalars(db.select(Invitation.email)).all() == []


def test_reporting_an_organisation_leads_to_its_decision_mail(
    app: Flask, cast: Cast, signed_in: SignedIn, client: Client, smtp: Mailbox, work: Work
) -> None:
    slug = found(app)
    page = client.page(f"/organisations/{slug}").click("Diese Organisation melden")
    page.form(page.path).fill(ground="off_topic", text="Gibt es nicht.").submit()
    with app.app_context(), unit_of_work(writes=False):
        case = db.session.scalars(db.select(Case.id)).one()
    decision = signed_in(cast.ruth).page(f"/moderation/{case}").form("/decision")
    decision.fill(measure="hide", ground="off_topic", facts="Nicht zu finden.").submit()
    work()
    assert "Offene Werkstatt" in text_of_message(smtp.last_to(cast.anton.email))
    assert client.get(f"/organisations/{slug}").status_code == 410


def invite(client: Client, slug: str, email: str, role: str = "editor") -> str:
    """Invite an address; returns what the page says about it."""
    page = client.page(f"/organisations/{slug}/members").form("/invitations").fill(email=email, role=role).submit()
    return " ".join(page.texts(".toast")).replace(email, email.split("@", maxsplit=1)[0] + "@")


def refused(client: Client, slug: str, email: str, role: str = "editor", expect: int = 422) -> Page:
    form = client.page(f"/organisations/{slug}/members").form("/invitations")
    return form.fill(email=email, role=role).submit(expect=expect)


def an_hour_passes(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        for one in db.session.scalars(db.select(Invitation)):
            one.created_at -= timedelta(hours=1)
