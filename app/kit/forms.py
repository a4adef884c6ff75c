"""Forms: parse, coerce, validate; German first; nothing typed is lost."""

from functools import lru_cache
from typing import Any

from babel.support import NullTranslations, Translations
from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice as Choice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.i18n import messages_path
from wtforms.validators import DataRequired, Length, Optional, StopValidation

from app.kit.i18n import language
from app.kit.i18n import lazy_gettext as _l
from app.kit.text import clean_line, clean_text

__all__ = ["Choice", "Form", "area", "first_error", "line", "refuse"]
LINE = 120
TEXT = 8000


class Form(FlaskForm):  # type: ignore[misc]
    """A form of ours. The request's own check (`kit.web`) covers foreign requests, for guests' forms too."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False

        def get_translations(self, form: Any) -> Any:
            """The words of the library's own errors; Flask-WTF's would read them from their file with each request."""
            return _words_of(language())

    @property
    def was_sent(self) -> bool:
        return request.method not in ("GET", "HEAD")

    def add_errors(self, errors: dict[str, Any]) -> None:
        """Show a domain error's words at their fields."""
        for name, message in errors.items():
            if name in self:
                self[name].errors = [*self[name].errors, message]


def line(label: Any, *, required: Any = None, most: int = LINE, hint: Any = "") -> StringField:
    """A one-line field of at most `most` characters; `required` is what to say when it is empty."""
    rules = _rules(required, most)
    return StringField(label, rules, filters=[clean_line], description=hint, render_kw={"maxlength": most})


def area(
    label: Any, *, required: Any = None, most: int = TEXT, hint: Any = "", rows: int = 5, optional: bool = True
) -> TextAreaField:
    """A field for several lines of at most `most` characters; `optional=False`: the form's own rules see it empty."""
    rules = _rules(required, most, optional=optional)
    return TextAreaField(
        label, rules, filters=[clean_text], description=hint, render_kw={"rows": rows, "maxlength": most}
    )


def refuse(message: Any) -> None:
    """Stop validating a field with these words.

    Raises:
        StopValidation: always.
    """
    raise StopValidation(message)


@lru_cache(maxsize=10)
def _words_of(language: str) -> NullTranslations:
    return Translations.load(messages_path(), [language], domain="wtforms")


def _rules(required: Any, most: int, *, optional: bool = True) -> list[Any]:
    length = Length(max=most, message=_l("Höchstens %(max)d Zeichen, bitte."))
    if required:
        return [DataRequired(required), length]
    return [Optional(), length] if optional else [length]


def first_error(field: Field) -> str:
    """The first thing to change about a field."""
    return str(field.errors[0]) if field.errors else ""
