"""What there is already, and how an idea fares."""

from collections.abc import Sequence

from app.ideas.models import Idea, IdeaState
from app.ideas.queries.cards import Card, cards
from app.ideas.queries.reading import idea_for
from app.kit.actor import Actor
from app.kit.errors import NotFound
from app.kit.similar import similar


def similar_ideas(reader: Actor, title: str, *, without: int = 0) -> Sequence[Card]:
    """Up to five public ideas whose titles say what this one says, the most similar first."""
    return cards(similar(title, kind="idea", without=without), reader=reader)[0]


def public_idea(reader: Actor, idea_id: int) -> Idea:
    """An idea that everybody may read.

    Raises:
        NotFound: none, or not public (yet), whoever asks.
        Gone: hidden or withdrawn since.
    """
    idea = idea_for(reader, idea_id)
    if idea.state != IdeaState.PUBLISHED:
        raise NotFound
    return idea
