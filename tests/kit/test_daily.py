"""Once a day the platform forgets what is past its time."""

from datetime import timedelta

from flask import Flask

from app.attachments.commands import add_picture, store_files
from app.attachments.models import Picture
from app.kit import clock, jobs, pictures
from app.kit.actor import GUEST
from app.kit.db import db, unit_of_work
from app.kit.drafts import Draft, save_draft
from app.kit.mail import OutgoingMail, post
from app.kit.storage import path_of
from tests.factories import world
from tests.people import Cast


def test_old_drafts_loose_pictures_and_sent_mails_go(app: Flask, cast: Cast) -> None:
    made = world.build(app)
    with app.test_request_context():
        with clock.at(clock.now() - timedelta(days=200)), unit_of_work():
            save_draft([("title", "alt")], address="/ideas", title="alt", by=GUEST)
            safe = pictures.take_in(world.photo())
            loose = add_picture(safe, store_files(safe), by=world.person("anton"))
            post("an old mail", to="x@example.org", subject="s", text="t")
            mail = db.session.scalars(db.select(OutgoingMail).where(OutgoingMail.key == "an old mail")).one()
            mail.sent_at, mail.due_at = clock.now(), None
            files = [path_of(loose.key(width)) for width in loose.widths]
        jobs.run_daily()
        assert [draft.token for draft in db.session.scalars(db.select(Draft))] == [made.draft]
        assert [picture.id for picture in db.session.scalars(db.select(Picture))] == [made.picture]
        assert "an old mail" not in db.session.scalars(db.select(OutgoingMail.key)).all()
        assert not any(file.exists() for file in files)
