"""What follows from short texts is remembered, as a browser's headers are short and nearly always the same.

Long ones are read anew each time: whoever makes them up must not fill the memory of every process for good.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

LONGEST = 300
T = TypeVar("T")


def remembered(most: int, *, longest: int = LONGEST) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """Remember what a function says of a text, for the `most` that were asked last of at most `longest` characters."""

    def remember(say: Callable[[str], T]) -> Callable[[str], T]:
        known = lru_cache(maxsize=most)(say)

        @wraps(say)
        def answer(text: str) -> T:
            return known(text) if len(text) <= longest else say(text)

        answer.cache_info, answer.cache_clear = known.cache_info, known.cache_clear  # type: ignore[attr-defined]
        return answer

    return remember
