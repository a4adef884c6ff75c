"""Settings say in a sentence what is wrong with them."""

import pytest

from app.config import Settings, SettingsError

GOOD = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "x" * 40,
    "SMTP_HOST": "mail.example.org",
    "DATA_DIR": "/srv/zukunft",
    "BASE_URL": "https://zukunft.example.org",
    "MAIL_FROM": "Zukunftsplattform <info@zukunft.example.org>",
}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"PORT": "http"}, "PORT must be a whole number from 1 to 65535."),
        ({"PORT": "70000"}, "PORT must be"),
        ({"PORT": "٨٠٠٠"}, "PORT must be"),
        ({"ENVIRONMENT": "staging"}, "ENVIRONMENT must be one of"),
        ({"TIMEZONE": "Mars/Olympus"}, "TIMEZONE must be a name like Europe/Berlin."),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must begin with"),
        ({"BASE_URL": "zukunft.example.org"}, "BASE_URL must be the public address"),
        ({"MODERATE_NEW": "maybe"}, "MODERATE_NEW must be on or off."),
        ({"SMTP_TLS": "ssl"}, "SMTP_TLS must be one of"),
        (GOOD | {"SECRET_KEY": ""}, "SECRET_KEY must be set"),
        (GOOD | {"SECRET_KEY": "only-for-development"}, "SECRET_KEY must be set"),
        (GOOD | {"SMTP_HOST": ""}, "SMTP_HOST must name a mail server"),
        (GOOD | {"DATA_DIR": ""}, "DATA_DIR must be an absolute path"),
        (GOOD | {"MAIL_FROM": ""}, "MAIL_FROM must be the address people see"),
        ({"MAIL_FROM": "a@b.example\nBcc: x@y.example"}, "MAIL_FROM must be an e-mail address"),
        ({"BASE_URL": "https://"}, "BASE_URL must be the public address"),
        ({"REDIS_URL": "http://x"}, "REDIS_URL must begin with"),
        ({"DATABASE_URL": "postgresqlfoo"}, "DATABASE_URL must begin with"),
        (GOOD | {"BASE_URL": "http://zukunft.example.org"}, "BASE_URL must be the public https:// address"),
    ],
)
def test_a_wrong_setting_is_named(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence.replace("(", r"\(")):
        Settings.from_env(given)


def test_a_good_production_starts_without_demo_people() -> None:
    settings = Settings.from_env(GOOD)
    assert settings.is_production
    assert not settings.demo_people_may_sign_in
    assert "x" * 40 not in repr(settings), "no secret in a log by accident"


def test_demo_people_sign_in_on_the_own_machine_only() -> None:
    assert Settings.from_env({}).demo_people_may_sign_in
    assert not Settings.from_env({"HOST": "0.0.0.0"}).demo_people_may_sign_in
