"""The test client: it looks at every HTML answer it gets, and reads pages like a person without JavaScript."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

from flask.testing import FlaskClient

from tests.support.inspection import complaints
from tests.support.pages import Page

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

PASSWORD = "ein-langes-Testpasswort-7"


class Client(FlaskClient):
    """`get` and `post` answer as Flask's client does; `page` reads, `Page.form` fills in and sends."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.get_data() and not 300 <= response.status_code < 400:
            body = response.get_data()
            body = gzip.decompress(body) if response.headers.get("Content-Encoding") == "gzip" else body
            wrong = complaints(body.decode(), response.headers)
            where = response.request.path if response.request else ""
            assert not wrong, f"{where} ({response.status_code}): " + "; ".join(wrong)
        return response

    def page(self, path: str, *, expect: int = 200, **kwargs: Any) -> Page:
        """Read a page, following redirects.

        Args:
            expect: the status of the last answer.
        """
        return self._expect(expect, self.get(path, follow_redirects=True, **kwargs))

    def send(self, path: str, body: dict[str, Any], *, expect: int = 200, follow: bool = True) -> Page:
        """Send a form's body and read where it leads."""
        return self._expect(expect, self.post(path, follow_redirects=follow, **body))

    def sign_in(self, email: str, password: str = PASSWORD) -> Page:
        """Sign in through the form, as a person does."""
        page = self.page("/login").form("/login").fill(email=email, password=password).submit()
        assert self.is_signed_in, f"{email} could not sign in: {page!r}"
        return page

    def become(self, key: str) -> None:
        """Be signed in as the person of this session key, past the form."""
        with self.session_transaction() as session:
            session["_user_id"], session["_fresh"] = key, True

    def sign_out(self) -> None:
        """Forget who was signed in."""
        for cookie in list(self._cookies or {}):
            self._cookies.pop(cookie)

    @property
    def is_signed_in(self) -> bool:
        with self.session_transaction() as session:
            return "_user_id" in session

    def _expect(self, status: int, response: TestResponse) -> Page:
        page = Page(self, response)
        assert response.status_code == status, f"{response.status_code} instead of {status}: {page!r}"
        return page
