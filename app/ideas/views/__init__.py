"""Pages of ideas: reading, writing, acting."""

from app.ideas.views import act, after, browse, hints, write
from app.ideas.views.blueprint import bp

__all__ = ["act", "after", "bp", "browse", "hints", "write"]
