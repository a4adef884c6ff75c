"""What a load balancer asks."""

from tests.client import Client


def test_the_platform_says_that_it_lives_and_that_it_is_ready(client: Client) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
