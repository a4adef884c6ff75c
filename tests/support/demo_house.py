"""A running platform with the demo content, as operators ship it, and the addresses of its main pages."""

import re
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.live import LiveServer

PASSWORD = "zukunft-demo"
MEMBER, MODERATOR, ADMINISTRATOR = (
    "heike.zschoche@example.org",
    "katrin.leuschner@example.org",
    "friederike.noack@example.org",
)


class DemoHouse:
    """`at` holds addresses by a name; `pages` those of the fifteen main pages and who reads them."""

    def __init__(self, server: LiveServer) -> None:
        self.server = server
        listed = self.read("/sitemap-0.xml")
        paths = [re.sub(r"^https?://[^/]+", "", address) for address in re.findall(r"<loc>([^<]+)", listed)]

        def like(words: str) -> str:
            return next(path for path in paths if words in path)

        self.challenge = like("zweiundzwanzig-zentimeter")
        self.answered = like("tausend-zentner")
        self.idea = like("zehntausend-schritte")
        self.project = like("bauwagen-von-markneukirchen")
        self.organisation = like("/organisations/flickwerk")

    @property
    def pages(self) -> dict[str, str]:
        """The fifteen main pages: address -> who looks at it, as an address of mail; empty for a guest."""
        public = ["/", "/challenges", self.challenge, self.answered, "/ideas", self.idea, "/projects", self.project]
        public += [self.organisation, "/search?q=bank", "/activity", "/login"]
        return dict.fromkeys(public, "") | {"/ideas/new": MEMBER, "/account": MEMBER, "/moderation": MODERATOR}

    def read(self, path: str) -> str:
        with urllib.request.urlopen(self.server.url + path, timeout=30) as answer:
            return str(answer.read().decode())


@contextmanager
def open_demo_house(folder: Path, copy: Callable[[str], str], mail: dict[str, str]) -> Iterator[DemoHouse]:
    """Load the demo content into a database of its own and serve it."""
    server = LiveServer(folder, {"ENVIRONMENT": "development", "DATABASE_URL": copy("demo_house")} | mail)
    server.flask("demo", "load")
    try:
        yield DemoHouse(server.start())
    finally:
        server.stop()
