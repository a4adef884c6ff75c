"""Pages of challenges: reading, writing, setting up, acting."""

from app.challenges.views import browse
from app.challenges.views.blueprint import bp

__all__ = ["bp", "browse"]
