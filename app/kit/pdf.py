"""Pages as PDF/UA, where WeasyPrint and what it draws with are installed; elsewhere people print from the browser.

Nothing is fetched from anywhere: only our own static files and what stands in the page itself.
"""

import logging
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from app.kit.errors import NotFound


@lru_cache(maxsize=1)
def is_possible() -> bool:
    """Whether this machine can make PDFs; asking the first time loads the library."""
    try:
        import weasyprint  # noqa: F401, PLC0415 (heavy, and not installed everywhere)
        from PIL import ImageFile  # noqa: PLC0415
    except (ImportError, OSError):
        return False
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint lets half a picture pass, in the whole process
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it names every rule that is for screens only
    return True


def make_pdf(html: str, *, static: Path) -> bytes:
    """A tagged PDF (PDF/UA-1) of a page.

    Args:
        static: the folder of our files; addresses in the page are relative to it.

    Raises:
        NotFound: this machine makes none.
    """
    if not is_possible():
        raise NotFound
    import weasyprint  # noqa: PLC0415

    base = f"{static.resolve().as_uri()}/"
    document = weasyprint.HTML(string=html, base_url=base, url_fetcher=_own_files(static.resolve()))
    made: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return made


def _own_files(static: Path) -> Any:
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    class OwnFiles(URLFetcher):  # type: ignore[misc]
        """Reads files below the static folder, and data within the page."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            parts = urlsplit(url)
            path = Path(unquote(parts.path)).resolve()
            if parts.scheme != "data" and not (parts.scheme == "file" and path.is_relative_to(static)):
                raise ValueError("not one of our own files")
            return super().fetch(url.partition("?")[0] if parts.scheme == "file" else url, headers)

    return OwnFiles(allowed_protocols=("file", "data"), allow_redirects=False)
