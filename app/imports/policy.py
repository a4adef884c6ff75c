"""Who may bring content along and take it away."""

from app.kit.actor import Actor, is_administrator


def can_run(actor: Actor, *_runs: object) -> bool:
    """Administrators."""
    return is_administrator(actor)
