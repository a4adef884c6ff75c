"""A page as a person without JavaScript meets it: read it, follow a link, fill in a form, press a button."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin, urlsplit

from lxml import html

from tests.support.inspection import text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from werkzeug.test import TestResponse

    from tests.client import Client

File = tuple[str, bytes]


class Page:
    """One answer, read."""

    def __init__(self, client: Client, response: TestResponse) -> None:
        self.client = client
        self.response = response
        self.status = response.status_code
        self.path = urlsplit(response.request.url).path if response.request else ""
        self.html = response.get_data(as_text=True)
        self.tree: HtmlElement = html.document_fromstring(self.html or "<html></html>")

    @property
    def text(self) -> str:
        """All visible text, with single blanks."""
        body = self.tree.find("body")
        return text_of(self.tree if body is None else body)

    @property
    def main(self) -> str:
        """The visible text between header and footer."""
        return " ".join(text_of(element) for element in self.tree.findall(".//main"))

    @property
    def h1(self) -> str:
        return text_of(self.tree.find(".//h1"))

    @property
    def title(self) -> str:
        return self.tree.findtext(".//title") or ""

    def __contains__(self, text: str) -> bool:
        return text in self.text

    def __repr__(self) -> str:
        return f"<{self.status} {self.path}: {self.main[:600]!r}>"

    def select(self, css: str) -> list[HtmlElement]:
        """The elements a CSS selector finds."""
        return list(self.tree.cssselect(css))

    def texts(self, css: str) -> list[str]:
        """The visible texts of what a CSS selector finds."""
        return [text_of(element) for element in self.select(css)]

    def links(self, text: str = "") -> list[str]:
        """Addresses of the links that show `text`."""
        return [a.get("href") for a in self.tree.iter("a") if a.get("href") and text in text_of(a)]

    def click(self, text: str, *, expect: int = 200) -> Page:
        """Follow the first link that shows `text`."""
        found = self.links(text)
        assert found, f"no link {text!r} on {self!r}"
        return self.client.page(urljoin(self.path, found[0]), expect=expect)

    def form(self, which: str = "") -> Form:
        """The form named by "#id", by the end of its address or by a button's text; else the only one in <main>.

        Searching (role="search") does not count as that one.
        """
        forms = [form for form in self.tree.iter("form") if _matches(form, which, self.tree)]
        if not which:
            forms = list(self.tree.xpath("//main//form[not(@role='search')]"))
        assert forms, f"no form {which!r} on {self!r}"
        assert which or len(forms) == 1, f"{len(forms)} forms, say which: {[f.get('action') for f in forms]}"
        return Form(self, forms[0])

    def has_form(self, which: str) -> bool:
        return any(_matches(form, which, self.tree) for form in self.tree.iter("form"))

    def press(self, button: str, *, expect: int = 200) -> Page:
        """Press a button of a form that needs no filling in."""
        return self.form(button).submit(button, expect=expect)


class Form:
    """A form of a page, with the values a browser would send."""

    def __init__(self, page: Page, element: HtmlElement) -> None:
        self.page = page
        self.element = element
        self.values: dict[str, list[str]] = {}
        self.files: dict[str, list[File]] = {}
        for control in self._controls():
            self._read(control)

    @property
    def names(self) -> list[str]:
        """The names of all fields a person can fill in."""
        hidden = {"hidden", "submit", "button", "image", "reset"}
        found = [c.get("name") for c in self._controls() if c.tag != "button" and c.get("type") not in hidden]
        return list(dict.fromkeys(name for name in found if name))

    def fill(self, **fields: Any) -> Form:
        """Fill in fields by name: text, True/False for a box, a list for several, (name, bytes) for a file.

        Raises:
            AssertionError: there is no such field, or it does not offer this choice.
        """
        for name, value in fields.items():
            controls = [control for control in self._controls() if control.get("name") == name]
            assert controls, f"no field {name!r}; there are {self.names}"
            if controls[0].get("type") == "file":
                self.files[name] = value if isinstance(value, list) else [value]
            else:
                self.values[name] = _chosen(controls, value)
        return self

    def force(self, **fields: str | list[str]) -> Form:
        """Send what the form does not offer, as an attacker would."""
        for name, value in fields.items():
            self.values[name] = value if isinstance(value, list) else [value]
        return self

    def submit(self, button: str = "", *, expect: int = 200, follow: bool = True) -> Page:
        """Press a button (the first, or the one that shows `button`) and read where it leads.

        Args:
            expect: the status of the last answer, after redirects.
            follow: False to read the form's own answer.
        """
        pressed = self._button(button)
        values = {name: list(items) for name, items in self.values.items()}
        if pressed is not None and pressed.get("name"):
            values.setdefault(pressed.get("name"), []).append(pressed.get("value", ""))

        def said(name: str, otherwise: str) -> str:
            own = pressed.get(f"form{name}") if pressed is not None else None
            return own or self.element.get(name) or otherwise

        address = urljoin(self.page.path, said("action", self.page.path))
        if said("method", "get").lower() == "get":
            query = urlencode(values, doseq=True)
            return self.page.client.page(f"{address.split('?')[0]}?{query}", expect=expect)
        multipart = said("enctype", "") == "multipart/form-data"
        return self.page.client.send(address, self._body(values, multipart=multipart), expect=expect, follow=follow)

    def _body(self, values: dict[str, list[str]], *, multipart: bool) -> dict[str, Any]:
        if not multipart:
            assert not self.files, "a file in a form that is not multipart would not be sent"
            return {"data": values}
        data: dict[str, list[Any]] = dict(values)
        for name, files in self.files.items():
            data[name] = [(io.BytesIO(content), filename) for filename, content in files]
        return {"data": data, "content_type": "multipart/form-data"}

    def _controls(self) -> list[HtmlElement]:
        """The form's own controls and those that name it, in the order of the page."""
        name, tree = self.element.get("id"), self.page.tree
        found = tree.xpath("//input | //select | //textarea | //button")
        inside = set(self.element.iter())
        return [c for c in found if (c.get("form") == name if c.get("form") else c in inside) and not _is_disabled(c)]

    def _read(self, control: HtmlElement) -> None:
        name, kind = control.get("name"), control.get("type", "text")
        if not name or control.tag == "button" or kind in {"submit", "image", "button", "reset"}:
            return
        if kind == "file":
            self.files[name] = [("", b"")]
        elif kind in {"checkbox", "radio"}:
            if control.get("checked") is not None:
                self.values.setdefault(name, []).append(control.get("value", "on"))
        elif control.tag == "select":
            self.values.setdefault(name, []).extend(_selected(control))
        elif control.tag == "textarea":
            self.values.setdefault(name, []).append((control.text or "").removeprefix("\n"))
        else:
            self.values.setdefault(name, []).append(control.get("value", ""))

    def _button(self, text: str) -> HtmlElement | None:
        buttons = [
            c
            for c in self._controls()
            if (c.tag == "button" and c.get("type", "submit") == "submit") or c.get("type") in {"submit", "image"}
        ]
        if text:
            buttons = [button for button in buttons if text in _caption(button)]
            assert buttons, f"no button {text!r} in the form on {self.page!r}"
        return buttons[0] if buttons else None


def _matches(form: HtmlElement, which: str, tree: HtmlElement) -> bool:
    if which.startswith("#"):
        return form.get("id") == which[1:]
    if which.startswith("/"):
        return (form.get("action") or "").split("?")[0].endswith(which)
    buttons = list(form.iter("button", "input"))
    if form.get("id"):
        buttons += tree.xpath("//button[@form=$id]", id=form.get("id"))
    return bool(which) and any(which in _caption(button) for button in buttons)


def _caption(button: HtmlElement) -> str:
    shown = button.get("value", "") if button.tag == "input" else text_of(button)
    if button.tag == "input" and button.get("type") not in {"submit", "image"}:
        return ""
    return f"{shown} {button.get('aria-label', '')}".strip()


def _is_disabled(control: HtmlElement) -> bool:
    if control.get("disabled") is not None:
        return True
    return any(parent.tag == "fieldset" and parent.get("disabled") is not None for parent in control.iterancestors())


def _selected(select: HtmlElement) -> list[str]:
    options = list(select.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None]
    if not chosen and select.get("multiple") is None:
        chosen = options[:1]
    return [_value(option) for option in chosen]


def _value(option: HtmlElement) -> str:
    value = option.get("value")
    return text_of(option) if value is None else value


def _chosen(controls: list[HtmlElement], value: Any) -> list[str]:
    """What the field sends when `value` is chosen; choices must be on offer."""
    first = controls[0]
    if first.get("type") == "checkbox" and isinstance(value, bool):
        return [first.get("value", "on")] if value else []
    wanted = [str(item) for item in value] if isinstance(value, list | tuple | set) else [str(value)]
    offered: list[str] | None = None
    if first.tag == "select":
        offered = [_value(option) for option in first.iter("option")]
        by_text = {text_of(option): _value(option) for option in first.iter("option")}
        wanted = [item if item in offered else by_text.get(item, item) for item in wanted]
    elif first.get("type") in {"radio", "checkbox"}:
        offered = [control.get("value", "on") for control in controls]
    for item in wanted:
        assert offered is None or item in offered, f"{first.get('name')!r} offers {offered}, not {item!r}"
    return wanted
