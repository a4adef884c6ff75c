"""Pages of challenges: reading, writing, setting up, acting."""

from app.challenges.views import act, browse, people, setup, write
from app.challenges.views.blueprint import bp

__all__ = ["act", "bp", "browse", "people", "setup", "write"]
