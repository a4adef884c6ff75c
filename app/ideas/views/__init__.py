"""Pages of ideas: reading, writing, acting."""

from app.ideas.views import act, browse, write
from app.ideas.views.blueprint import bp

__all__ = ["act", "bp", "browse", "write"]
