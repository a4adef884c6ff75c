"""What a list of ideas may be narrowed to, as values of columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.ideas.models import Need
from app.ideas.models.listing import needs_with, profiles_with
from app.kit.clauses import tag
from app.places.queries import places_within

Values = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaFilter:
    """What a list of ideas shows; an unset part does not narrow it. `place_id` includes the places within.
    `places_within`: their ids, where somebody has asked already.

    `kind` is an AuthorKind, `need` the key of a Need, `stage` and `status` are those of ideas.
    """

    challenge_id: int | None = None
    topic_id: int | None = None
    place_id: int | None = None
    places_within: Sequence[int] = ()
    status: str = ""
    stage: str = ""
    kind: str = ""
    need: str = ""
    words: str = ""

    @property
    def is_set(self) -> bool:
        parts = (self.challenge_id, self.topic_id, self.place_id, self.status, self.stage, self.kind, self.need)
        return any((*parts, self.words))

    @property
    def tags(self) -> list[str]:
        """What the search itself can filter by."""
        named = (("challenge", self.challenge_id), ("topic", self.topic_id), ("place", self.place_id))
        return [tag(name, value) for name, value in named if value]


def values_of(chosen: IdeaFilter) -> Values:
    """The values each filtered column may have. Asks for the places within the chosen one, if nobody has."""
    values: dict[str, Sequence[int]] = {}
    if chosen.challenge_id:
        values["challenge_id"] = [chosen.challenge_id]
    if chosen.topic_id:
        values["topic_id"] = [chosen.topic_id]
    if chosen.place_id:
        values["place_id"] = chosen.places_within or places_within(chosen.place_id) or [chosen.place_id]
    if chosen.kind or chosen.stage or chosen.status:
        values["profile"] = profiles_with(kind=chosen.kind, stage=chosen.stage, status=chosen.status)
    if chosen.need:
        values["needs"] = needs_with(Need[chosen.need.upper()])
    return values
