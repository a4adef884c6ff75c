"""Who may what: every route, asked by every kind of person, with the answer pinned.

A form is sent empty: who may, learns what is missing (422) or goes on (303); who may not, is sent to
sign in (303 to /login, written `in`), refused (403) or not told that the thing exists (404, 410).
The author is Anton, who wrote everything; the member is Mara; the suspended person is Sven.
"""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.client import Client
from tests.factories import world
from tests.people import Cast

PEOPLE = ("guest", "member", "author", "moderator", "administrator", "suspended")
# endpoint and method: address, answers of guest, member, author, moderator, administrator, suspended
RIGHTS = {
    "home.index GET": ("/", "200 200 200 200 200 200"),
    "challenges.index GET": ("/challenges", "200 200 200 200 200 200"),
    "challenges.new GET": ("/challenges/new", "200 200 200 200 200 403"),
    "challenges.create POST": ("/challenges", "in 422 422 422 422 403"),
    "challenges.show GET": ("/challenges/{challenge}-warten-ohne-bank", "200 200 200 200 200 200"),
    "challenges.edit GET": ("/challenges/{challenge}/edit", "in 403 200 200 200 403"),
    "challenges.update POST": ("/challenges/{challenge}/edit", "in 403 303 422 422 403"),
    "challenges.submit POST": ("/challenges/{challenge}/submission", "in 403 303 403 403 403"),
    "challenges.take_back POST": ("/challenges/{challenge}/submission/withdrawal", "in 403 403 403 403 403"),
    "challenges.discard POST": ("/challenges/{challenge_draft}/deletion", "404 404 303 403 403 404"),
    "challenges.ask_for_copy GET": ("/challenges/{challenge}/copy", "in 403 200 200 200 403"),
    "challenges.copy POST": ("/challenges/{challenge}/copy", "in 403 303 303 303 403"),
    "challenges.preview GET": ("/challenges/preview/{preview_token}", "200 200 200 200 200 200"),
    "challenges.share POST": ("/challenges/{challenge_draft}/preview-link", "404 404 303 303 303 404"),
    "challenges.end_share POST": ("/challenges/{challenge_draft}/preview-link/deletion", "404 404 303 303 303 404"),
    "challenges.phases GET": ("/challenges/{challenge}/phases", "in 403 200 200 200 403"),
    "challenges.save_phases POST": ("/challenges/{challenge}/phases", "in 403 303 303 303 403"),
    "challenges.open_phase POST": ("/challenges/{challenge}/phases/1/opening", "in 403 409 409 409 403"),
    "challenges.close_phase POST": ("/challenges/{challenge}/phases/1/closing", "in 403 409 409 409 403"),
    "challenges.close_collection POST": ("/challenges/{challenge}/collection/closing", "in 403 303 303 303 403"),
    "challenges.reopen_collection POST": ("/challenges/{challenge}/collection/opening", "in 403 303 303 303 403"),
    "challenges.questions GET": ("/challenges/{challenge}/questions", "in 403 200 200 200 403"),
    "challenges.save_questions POST": ("/challenges/{challenge}/questions", "in 403 303 303 303 403"),
    "challenges.voting GET": ("/challenges/{challenge}/voting", "in 403 403 200 200 403"),
    "challenges.save_voting POST": ("/challenges/{challenge}/voting", "in 403 403 303 303 403"),
    "challenges.hosts GET": ("/challenges/{challenge}/hosts", "in 403 200 200 200 403"),
    "challenges.invite POST": ("/challenges/{challenge}/hosts", "in 403 422 422 422 403"),
    "challenges.accept POST": ("/challenge-hosts/{host}/acceptance", "404 404 303 403 303 404"),
    "challenges.decline POST": ("/challenge-hosts/{host}/refusal", "404 404 303 403 303 404"),
    "challenges.remove_host POST": ("/challenge-hosts/{host}/removal", "404 404 303 303 303 404"),
    "challenges.news GET": ("/challenges/{challenge}/news", "200 200 200 200 200 200"),
    "challenges.tell POST": ("/challenges/{challenge}/news", "in 403 422 422 422 403"),
    "challenges.edit_news GET": ("/challenge-news/{challenge_news}/edit", "in 403 200 200 200 403"),
    "challenges.edit_news POST": ("/challenge-news/{challenge_news}/edit", "in 403 422 422 422 403"),
    "challenges.delete_news POST": ("/challenge-news/{challenge_news}/deletion", "in 403 303 303 303 403"),
    "challenges.archive POST": ("/challenges/{challenge}/archive", "in 403 403 303 303 403"),
    "challenges.unarchive POST": ("/challenges/{challenge}/archive/withdrawal", "in 403 403 303 303 403"),
    "closings.edit GET": ("/challenges/{challenge}/closing", "in 403 200 200 200 403"),
    "closings.save POST": ("/challenges/{challenge}/closing", "in 403 422 422 422 403"),
    "closings.outcomes GET": ("/challenges/{challenge}/outcomes", "404 404 404 404 404 404"),
    "ideas.index GET": ("/ideas", "200 200 200 200 200 200"),
    "ideas.on_map GET": ("/ideas/map.json", "200 200 200 200 200 200"),
    "ideas.votes GET": ("/challenges/{challenge}/votes", "in 200 200 200 200 200"),
    "ideas.table GET": ("/ideas.csv", "200 200 200 200 200 200"),
    "places.outlines GET": ("/places/outlines/districts.json", "200 200 200 200 200 200"),
    "ideas.begin GET": ("/ideas/begin", "200 200 200 200 200 403"),
    "ideas.new GET": ("/ideas/new", "200 200 200 200 200 403"),
    "ideas.create POST": ("/ideas", "in 422 422 422 422 403"),
    "ideas.preview POST": ("/ideas/preview", "in 422 422 422 422 403"),
    "ideas.preview_show GET": ("/ideas/preview/{draft}", "in 404 422 404 404 403"),
    "ideas.similar GET": ("/ideas/similar?title=Eine+Bank", "200 200 200 200 200 200"),
    "ideas.feed GET": ("/ideas.atom", "200 200 200 200 200 200"),
    "ideas.share GET": ("/ideas/{idea}/share", "200 200 200 200 200 200"),
    "ideas.qr GET": ("/ideas/{idea}/qr.svg", "200 200 200 200 200 200"),
    "ideas.poster GET": ("/ideas/{idea}/poster", "200 200 200 200 200 200"),
    "ideas.poster_pdf GET": ("/ideas/{idea}/poster.pdf", "200 200 200 200 200 200"),
    "ideas.dashboard GET": ("/ideas/{idea}/dashboard", "in 403 200 200 200 403"),
    "ideas.show GET": ("/ideas/{idea}-eine-bank-fuer-alle", "200 200 200 200 200 200"),
    "ideas.edit GET": ("/ideas/{idea}/edit", "in 403 200 403 403 403"),
    "ideas.update POST": ("/ideas/{idea}/edit", "in 403 422 403 403 403"),
    "ideas.support POST": ("/ideas/{idea}/support", "in 303 303 303 303 403"),
    "ideas.withdraw_support POST": ("/ideas/{idea}/support/withdrawal", "in 303 303 303 303 403"),
    "ideas.take_back_support DELETE": ("/ideas/{idea}/support", "in 303 303 303 303 403"),
    "ideas.withdraw POST": ("/ideas/{idea}/withdrawal", "in 403 303 403 403 403"),
    "ideas.ask_withdrawal GET": ("/ideas/{idea}/withdrawal", "in 403 200 403 403 403"),
    "ideas.reopen POST": ("/ideas/{idea}/reopening", "in 403 403 403 403 403"),
    "ideas.history GET": ("/ideas/{idea}/history", "200 200 200 200 200 200"),
    "ideas.version GET": ("/ideas/{idea}/history/1", "200 200 200 200 200 200"),
    "ideas.show_or_hide POST": ("/ideas/{idea}/history/1/visibility", "in 403 403 409 409 403"),
    "ideas.contact GET": ("/ideas/{idea}/contact", "in 403 200 403 403 403"),
    "ideas.save_contact POST": ("/ideas/{idea}/contact", "in 403 303 403 403 403"),
    "ideas.authors GET": ("/ideas/{idea}/authors", "in 403 200 403 403 403"),
    "ideas.invite POST": ("/ideas/{idea}/invitations", "in 403 422 403 403 403"),
    "ideas.withdraw_invitation POST": (
        "/ideas/{promoted_idea}/invitations/{coauthor_invitation}/withdrawal",
        "in 403 303 403 403 403",
    ),
    "ideas.remove_author POST": ("/ideas/{idea}/authors/{editor}/removal", "in 403 303 403 403 403"),
    "ideas.invitation GET": ("/ideas/invitations/{coauthor_token}", "200 200 200 200 200 200"),
    "ideas.accept_invitation POST": ("/ideas/invitations/{coauthor_token}/acceptance", "in 303 403 403 403 403"),
    "ideas.refuse_invitation POST": ("/ideas/invitations/{coauthor_token}/refusal", "in 409 403 403 403 403"),
    "ideas.questions GET": ("/ideas/questions", "200 200 200 200 200 403"),
    "ideas.answer POST": ("/ideas/{idea}/answers", "in 403 403 422 422 403"),
    "projects.index GET": ("/projects", "200 200 200 200 200 200"),
    "projects.show GET": ("/projects/{project}-fahrradkeller", "200 200 200 200 200 200"),
    "projects.new_from_idea GET": ("/ideas/{idea}/project", "in 403 403 200 200 403"),
    "projects.new_from_idea POST": ("/ideas/{idea}/project", "in 403 403 422 422 403"),
    "projects.conclude POST": ("/projects/{project}/result", "in 403 403 422 422 403"),
    "crowdfunding.edit GET": ("/projects/{project}/campaign", "in 403 403 200 200 403"),
    "crowdfunding.edit POST": ("/projects/{project}/campaign", "in 403 403 422 422 403"),
    "comments.thread GET": ("/subjects/{idea}/comments", "200 200 200 200 200 200"),
    "comments.create POST": ("/subjects/{idea}/comments", "in 422 422 422 422 403"),
    "comments.show GET": ("/comments/{comment}", "303 303 303 303 303 303"),
    "comments.delete POST": ("/comments/{comment}/deletion", "in 403 303 403 403 403"),
    "comments.answers GET": ("/comments/{comment}/thread", "200 200 200 200 200 200"),
    "admin.index GET": ("/admin", "in 403 403 403 200 403"),
    "imports.index GET": ("/admin/imports", "in 403 403 403 200 403"),
    "imports.create POST": ("/admin/imports", "in 403 403 403 422 403"),
    "imports.show GET": ("/admin/imports/{run}", "404 404 404 404 200 404"),
    "imports.progress GET": ("/admin/imports/{run}/progress", "404 404 404 404 303 404"),
    "imports.report GET": ("/admin/imports/{run}/report.csv", "404 404 404 404 200 404"),
    "imports.start POST": ("/admin/imports/{run}/start", "404 404 404 404 409 404"),
    "imports.end POST": ("/admin/imports/{run}/end", "404 404 404 404 303 404"),
    "imports.export_ideas GET": ("/admin/exports/ideas.csv", "in 403 403 403 200 403"),
    "moderation.report GET": ("/report/{idea}", "200 200 200 200 200 200"),
    "moderation.send_report POST": ("/report/{idea}", "422 422 422 422 422 422"),
    "moderation.receipt GET": ("/report/receipt/{receipt}", "200 200 200 200 200 200"),
    "moderation.index GET": ("/moderation", "in 403 403 200 200 403"),
    "moderation.closed GET": ("/moderation/closed", "in 403 403 200 200 403"),
    "moderation.take_up POST": ("/moderation/subjects/{idea}/case", "in 403 403 303 303 403"),
    "moderation.show GET": ("/moderation/{case}", "404 404 404 200 200 404"),
    "moderation.decide POST": ("/moderation/{case}/decision", "404 404 404 422 422 404"),
    "moderation.decision GET": ("/decisions/{decision}", "404 404 200 200 200 404"),
    "sitemap.robots GET": ("/robots.txt", "200 200 200 200 200 200"),
    "sitemap.index GET": ("/sitemap.xml", "200 200 200 200 200 200"),
    "sitemap.pages GET": ("/sitemap-pages.xml", "200 200 200 200 200 200"),
    "sitemap.part GET": ("/sitemap-0.xml", "200 200 200 200 200 200"),
    "barriers.new GET": ("/accessibility/feedback?page=/ideas", "200 200 200 200 200 200"),
    "barriers.create POST": ("/accessibility/feedback", "422 422 422 422 422 422"),
    "barriers.receipt GET": ("/accessibility/feedback/{barrier_receipt}", "200 200 200 200 200 200"),
    "barriers.index GET": ("/admin/barriers", "in 403 403 200 200 403"),
    "barriers.finish POST": ("/admin/barriers/{barrier}/completion", "404 404 404 303 303 404"),
    "branding.stylesheet GET": ("/branding-0b5c8f-0000000000.css", "200 200 200 200 200 200"),
    "branding.logo GET": ("/branding/{logo}.webp", "200 200 200 200 200 200"),
    "branding.manifest GET": ("/manifest.webmanifest", "200 200 200 200 200 200"),
    "branding.icon GET": ("/icon-00000000000000000000000000000000-maskable.png", "200 200 200 200 200 200"),
    "offline.worker GET": ("/sw.js", "200 200 200 200 200 200"),
    "offline.show GET": ("/offline", "200 200 200 200 200 200"),
    "branding.edit GET": ("/admin/appearance", "in 403 403 403 200 403"),
    "branding.save POST": ("/admin/appearance", "in 403 403 403 422 403"),
    "branding.preview POST": ("/admin/appearance/preview", "in 403 403 403 422 403"),
    "demo.styleguide GET": ("/styleguide", "200 200 200 200 200 200"),
    "pages.show GET": ("/privacy", "200 200 200 200 200 200"),
    "pages.index GET": ("/admin/pages", "in 403 403 403 200 403"),
    "pages.edit GET": ("/admin/pages/imprint/de", "in 403 403 403 200 403"),
    "pages.save POST": ("/admin/pages/imprint/de", "in 403 403 403 422 403"),
    "pages.preview POST": ("/admin/pages/imprint/de/preview", "in 403 403 403 200 403"),
    "pages.version GET": ("/admin/pages/imprint/de/versions/1", "in 403 403 403 200 403"),
    "pages.restore POST": ("/admin/pages/imprint/de/versions/0/restoration", "in 403 403 403 303 403"),
    "organisations.index GET": ("/organisations", "200 200 200 200 200 200"),
    "organisations.show GET": ("/organisations/{organisation}", "200 200 200 200 200 200"),
    "organisations.new GET": ("/organisations/new", "200 200 200 200 200 403"),
    "organisations.create POST": ("/organisations", "in 422 422 422 422 403"),
    "organisations.edit GET": ("/organisations/{organisation}/edit", "in 403 200 403 200 403"),
    "organisations.update POST": ("/organisations/{organisation}/edit", "in 403 422 403 422 403"),
    "organisations.verify POST": ("/organisations/{organisation}/verification", "in 403 403 303 303 403"),
    "organisations.unverify POST": ("/organisations/{organisation}/verification/withdrawal", "in 403 403 303 303 403"),
    "organisations.members GET": ("/organisations/{organisation}/members", "in 403 200 200 200 403"),
    "organisations.invite POST": ("/organisations/{organisation}/invitations", "in 403 422 403 403 403"),
    "organisations.withdraw POST": (
        "/organisations/{organisation}/invitations/{invitation}/withdrawal",
        "in 403 303 403 403 403",
    ),
    "organisations.change_role POST": (
        "/organisations/{organisation}/members/{editor}/role",
        "in 403 422 403 403 403",
    ),
    "organisations.remove POST": ("/organisations/{organisation}/members/{editor}/removal", "in 403 303 403 303 403"),
    "organisations.appoint POST": ("/organisations/{organisation}/owners", "in 403 403 403 403 403"),
    "organisations.invitation GET": ("/invitations/{invitation_token}", "200 200 200 200 200 200"),
    "organisations.accept POST": ("/invitations/{invitation_token}/acceptance", "in 303 403 403 403 403"),
    "follows.follow POST": ("/subjects/{idea}/follow", "in 303 303 303 303 403"),
    "follows.withdraw POST": ("/subjects/{idea}/follow/withdrawal", "in 303 303 303 303 303"),
    "follows.unfollow DELETE": ("/subjects/{idea}/follow", "in 303 303 303 303 303"),
    "follows.notifications GET": ("/account/notifications", "in 200 200 200 200 200"),
    "follows.save POST": ("/account/notifications", "in 303 303 303 303 303"),
    "follows.end POST": ("/account/follows/{follow}/deletion", "404 404 303 404 404 404"),
    "follows.unsubscribe GET": ("/unsubscribe/{unsubscribe_token}", "200 200 200 200 200 200"),
    "follows.unsubscribe_now POST": ("/unsubscribe/{unsubscribe_token}", "200 200 200 200 200 200"),
    "projects.updates GET": ("/projects/{project}/updates", "200 200 200 200 200 200"),
    "projects.tell POST": ("/projects/{project}/updates", "in 403 403 422 422 403"),
    "projects.edit_update GET": ("/updates/{update}/edit", "in 403 403 200 200 403"),
    "projects.edit_update POST": ("/updates/{update}/edit", "in 403 403 422 422 403"),
    "projects.delete_update POST": ("/updates/{update}/deletion", "in 403 403 303 303 403"),
    "attachments.download GET": ("/files/{file}", "200 200 200 200 200 200"),
    "attachments.arrange POST": ("/uploads/picture", "in 303 303 303 303 403"),
    "attachments.picture GET": ("/pictures/{picture}/640.webp", "200 200 200 200 200 200"),
    "timeline.index GET": ("/activity", "200 200 200 200 200 200"),
    "search.index GET": ("/search?q=bank", "200 200 200 200 200 200"),
    "search.suggestions GET": ("/search/suggestions?q=ban", "200 200 200 200 200 200"),
    "accounts.show GET": ("/account", "in 200 200 200 200 200"),
    "accounts.speak POST": ("/account/language", "in 422 422 422 422 422"),
    "accounts.export GET": ("/account/data.json", "in 200 200 200 200 200"),
    "accounts.delete GET": ("/account/delete", "in 200 200 200 200 200"),
    "accounts.delete POST": ("/account/delete", "in 422 422 422 422 422"),
    "accounts.person GET": ("/people/anton-boehme", "200 200 200 200 200 200"),
    "drafts.save POST": ("/drafts", "in 200 200 200 200 200"),
    "drafts.resume GET": ("/continue/{draft}", "in 404 303 404 404 404"),
    "drafts.go_on GET": ("/continue", "in 303 303 303 303 303"),
    "drafts.discard POST": ("/drafts/{draft}/deletion", "in 303 303 303 303 303"),
    "health.healthz GET": ("/healthz", "200 200 200 200 200 200"),
    "health.readyz GET": ("/readyz", "200 200 200 200 200 200"),
    "static GET": ("/static/css/foundation.css", "200 200 200 200 200 200"),
    "security.login GET": ("/login", "200 302 302 302 302 302"),
    "security.login POST": ("/login", "400 302 302 302 302 302"),
    "security.logout POST": ("/logout", "302 302 302 302 302 302"),
    "security.register GET": ("/register", "200 302 302 302 302 302"),
    "security.register POST": ("/register", "400 302 302 302 302 302"),
    "security.forgot_password GET": ("/account/reset", "200 200 200 200 200 200"),
    "security.forgot_password POST": ("/account/reset", "400 200 200 200 200 200"),
    "security.reset_password GET": ("/account/reset/nothing", "302 302 302 302 302 302"),
    "security.reset_password POST": ("/account/reset/nothing", "400 302 302 302 302 302"),
    "security.send_confirmation GET": ("/account/confirm", "200 200 200 200 200 200"),
    "security.send_confirmation POST": ("/account/confirm", "400 200 200 200 200 200"),
    "security.confirm_email GET": ("/account/confirm/nothing", "302 302 302 302 302 302"),
    "security.confirm_email POST": ("/account/confirm/nothing", "302 302 302 302 302 302"),
    "security.change_password GET": ("/account/password", "in 200 200 200 200 200"),
    "security.change_password POST": ("/account/password", "in 422 422 422 422 422"),
    "security.verify GET": ("/verify", "404 404 404 404 404 404"),
    "security.verify POST": ("/verify", "404 404 404 404 404 404"),
}
# They end something, so they come last, in this order.
LAST: tuple[str, ...] = ("challenges.decline POST", "challenges.remove_host POST")
LAST += ("organisations.withdraw POST", "organisations.accept POST", "organisations.remove POST")
LAST += ("follows.end POST", "follows.unfollow DELETE", "follows.withdraw POST", "projects.delete_update POST")
LAST += ("imports.start POST", "imports.end POST")
LAST += ("challenges.end_share POST", "challenges.discard POST", "challenges.delete_news POST")
LAST += ("challenges.archive POST", "challenges.unarchive POST")
LAST += ("ideas.accept_invitation POST", "ideas.refuse_invitation POST", "ideas.withdraw_invitation POST")
LAST += ("comments.delete POST", "ideas.withdraw POST", "drafts.discard POST", "security.logout POST")


@pytest.fixture
def everything(app: Flask, cast: Cast) -> world.World:
    return world.build(app)


@pytest.mark.parametrize("who", PEOPLE)
def test_every_route_answers_every_kind_of_person_as_pinned(
    app: Flask, cast: Cast, everything: world.World, who: str
) -> None:
    client = app.test_client()
    assert isinstance(client, Client)
    token = enter(client, cast, who)
    got, pinned = {}, {}
    for name in sorted(RIGHTS, key=lambda key: (key in LAST, LAST.index(key) if key in LAST else 0)):
        address, answers = RIGHTS[name]
        pinned[name] = answers.split()[PEOPLE.index(who)]
        got[name] = ask(client, name.split()[1], address.format(**vars(everything)), token)
    assert got == pinned


@pytest.mark.on("sqlite")
def test_no_route_is_missing_in_the_table(app: Flask) -> None:
    routes = {
        f"{rule.endpoint} {method}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == set(RIGHTS)


def enter(client: Client, cast: Cast, who: str) -> str:
    """Be that person; returns the session's token for forms."""
    names = {
        "member": cast.mara,
        "author": cast.anton,
        "moderator": cast.ruth,
        "administrator": cast.ada,
        "suspended": cast.sven,
    }
    if who == "guest":
        return ""
    client.become(names[who].key)
    field = client.page("/").form("#acts").values["csrf_token"]
    return field[0]


def ask(client: Client, method: str, address: str, token: str) -> str:
    data = {"csrf_token": token} if method in ("POST", "DELETE") else None
    response: TestResponse = client.open(address, method=method, data=data)
    response.close()
    if response.status_code == 303 and response.location.startswith("/login"):
        return "in"
    return str(response.status_code)
