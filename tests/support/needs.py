"""Programs and data some tests need: without them a test is skipped, counted, and under CI the run fails."""

import os
import shutil
from pathlib import Path

import pytest

from tests.support import postgres

HERE = Path(__file__).resolve().parents[2]
SHARED_DATA = Path(os.environ.get("SHARED_DATA") or HERE.parent / "shared" / "data")
REASON = "this machine has no "
PRESENT = {
    "PostgreSQL": lambda: postgres.binaries() is not None,
    "Chromium": lambda: chromium() is not None,
    "redis-server": lambda: shutil.which("redis-server") is not None,
    "shared data": SHARED_DATA.is_dir,
}
# Shared data lies outside the repository: its absence is counted, never a failure.
MAY_BE_MISSING_IN_CI = {"shared data"}


def need(what: str) -> None:
    """Skip the running test unless this machine has `what`."""
    if not PRESENT[what]():
        pytest.skip(REASON + what)


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def missed(reasons: list[str]) -> dict[str, int]:
    """How many of the skips, given by their reasons, are for want of what."""
    counts = {what: sum(REASON + what in reason for reason in reasons) for what in PRESENT}
    return {what: count for what, count in counts.items() if count}
