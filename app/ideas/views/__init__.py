"""Pages of ideas: reading, writing, acting."""

from app.ideas.views import act, after, browse, edit, feeds, hints, history, leaving, lists, people, table, write
from app.ideas.views.blueprint import bp

__all__ = [
    "act",
    "after",
    "bp",
    "browse",
    "edit",
    "feeds",
    "hints",
    "history",
    "leaving",
    "lists",
    "people",
    "table",
    "write",
]
