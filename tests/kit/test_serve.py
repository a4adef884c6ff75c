"""The platform as operators run it."""

import urllib.request
from collections.abc import Callable

from tests.kit.test_supervise import wait_for
from tests.support.live import LiveServer, group_members


def test_it_serves_and_killing_its_group_leaves_nothing_behind(server: LiveServer) -> None:
    with urllib.request.urlopen(f"{server.url}/") as answer:
        assert answer.status == 200
        assert "Content-Security-Policy" in answer.headers
    assert wait_for(lambda: len(server.pids) == 5), "supervisor, web server, its two workers, job runner"
    server.kill()
    assert wait_for(lambda: not server.pids, 3)


def test_it_starts_again_on_the_same_data_and_ends_when_asked(servers: Callable[..., LiveServer]) -> None:
    server = servers()
    server.kill()
    server.start()
    assert server.process is not None
    server.process.terminate()
    assert server.process.wait(timeout=5) == 0
    assert group_members(server.process.pid) == []
