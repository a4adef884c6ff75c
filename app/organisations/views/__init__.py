"""Pages of organisations: reading, writing, people, invitations."""

from app.organisations.views import browse, invitations, people, write
from app.organisations.views.blueprint import bp

__all__ = ["bp", "browse", "invitations", "people", "write"]
