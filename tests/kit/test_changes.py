"""Many who come at once share one question of what has changed, and get no answer from before they came."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from app.kit.changes import UNKNOWN, Changes, Numbers, State
from tests.support.crowd import wait_until

LATE = 5


class Door:
    """A lock that says how many came to it."""

    def __init__(self) -> None:
        self.lock, self.came = threading.Lock(), 0

    def __enter__(self) -> None:
        self.came += 1
        self.lock.acquire()

    def __exit__(self, *_error: object) -> None:
        self.lock.release()


@pytest.mark.parametrize("fails", [False, True])
def test_who_come_while_it_is_asked_share_the_next_answer(
    app: Flask, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    changes, door, go_on = Changes(app), Door(), threading.Event()
    asked: list[State] = []

    def answered() -> State:
        asked.append(State(Numbers(prompt=len(asked)), Numbers(), {}))
        mine = asked[-1]
        go_on.wait(60)
        if fails and len(asked) == 2:
            raise ConnectionError
        return mine

    monkeypatch.setattr(changes, "_lock", door)
    monkeypatch.setattr(changes, "_ask", answered)
    with ThreadPoolExecutor(1 + LATE) as people:
        first = people.submit(changes.state)
        wait_until(lambda: len(asked) == 1)
        late = [people.submit(changes.state) for _ in range(LATE)]
        wait_until(lambda: door.came == 1 + LATE)
        go_on.set()
    assert first.result() is asked[0]
    assert all(one.result() is (None if fails else asked[1]) for one in late)
    assert changes.state() is asked[2]
    assert len(asked) == 3


def test_a_question_by_itself_is_asked_each_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    changes, asked = Changes(app), []
    monkeypatch.setattr(changes, "_ask", lambda: asked.append(1) or UNKNOWN)
    assert [changes.state() for _ in range(3)] == [UNKNOWN] * 3
    assert len(asked) == 3
