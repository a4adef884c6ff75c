"""What a list can be narrowed to: topics and places by name, in one statement."""

from sqlalchemy import BigInteger, bindparam, select

from app.kit.fetching import Together
from app.places.models import Place, PlaceKind
from app.places.queries import PlaceName, offered
from app.topics.models import Topic
from app.topics.queries import TopicName


def topics_and_places(place_id: int | None) -> tuple[list[TopicName], list[PlaceName]]:
    """All topics in their order, and the places a filter offers: the chosen one among them."""
    found = _choices.lists({"place_id": place_id or 0})
    return [TopicName.of(*row) for row in found["topics"]], [PlaceName(*row) for row in found["places"]]


_choices = Together(
    {
        "topics": select(Topic.id, Topic.key, Topic.own_name, Topic.hue).order_by(Topic.position, Topic.id),
        "places": select(Place.id, Place.name, Place.ags, Place.kind == PlaceKind.CITY).where(
            offered(bindparam("place_id", type_=BigInteger))
        ),
    }
)
