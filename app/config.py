"""The operator's settings: one frozen object, read from the environment once, at start.

Nothing else in the application reads the environment. `.env.example` lists every name with its
meaning; `Settings.from_env` says in one sentence what is wrong with a value.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULT_SECRET = "only-for-development"
ENVIRONMENTS = ("development", "testing", "production")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
ADDRESS = re.compile(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?")
SENDER = re.compile(r"[^@\s<>]+@[^@\s<>]+|[^@<>\r\n]+ <[^@\s<>]+@[^@\s<>]+>")
SMTP_TLS = ("none", "starttls", "tls")
COLOUR = re.compile(r"#[0-9a-f]{6}")
SWITCHES = ("moderate_new", "guest_cache", "eu_emblem")
LANGUAGE = re.compile(r"[a-z]{2,3}")


class SettingsError(Exception):
    """A setting has a value the platform cannot start with; the message names it and the way out."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; each field is the environment variable of the same name in capitals."""

    environment: str = "development"
    secret_key: str = field(default=DEFAULT_SECRET, repr=False)
    data_dir: Path = Path("var")
    database_url: str = field(default="", repr=False)
    redis_url: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_user: str = field(default="", repr=False)
    smtp_password: str = field(default="", repr=False)
    smtp_tls: str = "none"
    mail_from: str = "zukunftsplattform@localhost"
    accessibility_contact: str = ""
    site_name: str = "Zukunftsplattform"
    site_claim: str = "Soziale Innovation in Sachsen"
    site_claim_en: str = ""
    brand_colour: str = "#facf38"
    eu_emblem: bool = False
    region_name: str = "Sachsen"
    region_name_en: str = ""
    content_language: str = "de"
    timezone: str = "Europe/Berlin"
    moderate_new: bool = True
    max_upload_mb: int = 12
    trusted_proxies: int = 0
    web_workers: int = 2
    web_threads: int = 4
    guest_cache: bool = True
    guest_pages_mb: int = 1000
    log_level: str = "INFO"

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings from `environ`; an empty value counts as absent.

        Raises:
            SettingsError: a value cannot be read, or does not fit the others.
        """
        given = {f.name: environ.get(f.name.upper(), "").strip() for f in fields(cls)}
        values = {name: _parse(name, text) for name, text in given.items() if text}
        made = cls(**values)  # type: ignore[arg-type]
        made._check()
        return made._completed()

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def demo_people_may_sign_in(self) -> bool:
        """Demo passwords are public knowledge: they open doors on the developer's own machine only."""
        return self.environment != "production" and self.host in LOOPBACK

    @property
    def uses_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    def _check(self) -> None:
        for name, allowed in (("environment", ENVIRONMENTS), ("log_level", LOG_LEVELS), ("smtp_tls", SMTP_TLS)):
            if getattr(self, name) not in allowed:
                raise SettingsError(f"{name.upper()} must be one of {', '.join(allowed)}.")
        self._check_addresses()
        if self.is_production:
            self._check_production()

    def _check_addresses(self) -> None:
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise SettingsError("TIMEZONE must be a name like Europe/Berlin.") from error
        if self.base_url and not ADDRESS.fullmatch(self.base_url.rstrip("/")):
            raise SettingsError("BASE_URL must be the public address, like https://example.org.")
        if self.database_url and not self.database_url.startswith(
            ("sqlite:///", "postgresql://", "postgresql+psycopg://")
        ):
            raise SettingsError("DATABASE_URL must begin with sqlite:/// or postgresql://.")
        for name in ("mail_from", "accessibility_contact"):
            if (address := getattr(self, name)) and not SENDER.fullmatch(address):
                raise SettingsError(f"{name.upper()} must be an e-mail address, like info@example.org.")
        self._check_words()

    def _check_words(self) -> None:
        if not COLOUR.fullmatch(self.brand_colour):
            raise SettingsError("BRAND_COLOUR must be a colour like #facf38.")
        if not LANGUAGE.fullmatch(self.content_language):
            raise SettingsError("CONTENT_LANGUAGE must be the code of a language, like de.")
        if self.redis_url and not self.redis_url.startswith(("redis://", "rediss://", "unix://")):
            raise SettingsError("REDIS_URL must begin with redis://, rediss:// or unix://.")

    def _check_production(self) -> None:
        if self.secret_key == DEFAULT_SECRET or len(self.secret_key) < 32:
            raise SettingsError("SECRET_KEY must be set to at least 32 random characters in production.")
        if not self.smtp_host:
            raise SettingsError(
                "SMTP_HOST must name a mail server in production: people confirm their address by mail."
            )
        if not self.data_dir.is_absolute():
            raise SettingsError("DATA_DIR must be an absolute path in production.")
        if self.mail_from == Settings().mail_from:
            raise SettingsError("MAIL_FROM must be the address people see and answer to in production.")
        if not self.base_url.startswith("https://"):
            raise SettingsError("BASE_URL must be the public https:// address in production.")

    def _completed(self) -> "Settings":
        data_dir = self.data_dir.expanduser().resolve()
        database = self.database_url or f"sqlite:///{data_dir / 'zukunftsplattform.sqlite'}"
        database = database.replace("postgresql://", "postgresql+psycopg://", 1)
        base = self.base_url.rstrip("/") or f"http://{self.host}:{self.port}"
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return Settings(**values | {"data_dir": data_dir, "database_url": database, "base_url": base})


def set_for_children(name: str, value: str) -> None:
    """Set what a library reads from the environment, in this process and those it starts, unless it is set there."""
    os.environ.setdefault(name, value)


NUMBERS = {"port": (1, 65535), "smtp_port": (1, 65535), "max_upload_mb": (1, 100), "trusted_proxies": (0, 5)}
NUMBERS |= {"web_workers": (1, 64), "web_threads": (1, 256), "guest_pages_mb": (0, 1_000_000)}


def _parse(name: str, text: str) -> object:
    if name in NUMBERS:
        least, most = NUMBERS[name]
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise SettingsError(f"{name.upper()} must be a whole number from {least} to {most}.")
        return int(text)
    if name in SWITCHES:
        if text.lower() not in ("on", "off", "true", "false", "1", "0", "yes", "no"):
            raise SettingsError(f"{name.upper()} must be on or off.")
        return text.lower() in ("on", "true", "1", "yes")
    return Path(text) if name == "data_dir" else text
