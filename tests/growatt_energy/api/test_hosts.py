"""Which host knows the account (reference section 1.2)."""

from collections.abc import AsyncGenerator, Callable
from typing import Any
from unittest.mock import patch

from aiohttp import web
import pytest

from custom_components.growatt_energy._vendor.core.client.errors import (
    AuthError,
    ThrottledError,
    TransportError,
)
from custom_components.growatt_energy.api import hosts
from custom_components.growatt_energy.api.classic_session import ClassicSession
from custom_components.growatt_energy.api.hosts import Host, find_login_host, host_key
from custom_components.growatt_energy.api.token_client import TokenClient
from tests.core.client.server import Server

from .conftest import USER, Cloud

PLANTS = {"count": 1, "plants": [{"plant_id": 1234567}]}
KNOWN = {"error_code": 0, "error_msg": "", "data": PLANTS}
UNKNOWN = {"error_code": 10011, "error_msg": "error_permission_denied", "data": ""}
ELSEWHERE = {"error_code": -1, "error_msg": "use the new domain name", "data": ""}
TOO_FAST = {"error_code": 10012, "error_msg": "error_frequently_access", "data": ""}


def down(_: object) -> web.Response:
    return web.Response(status=502)


@pytest.fixture
async def clouds(growatt: None) -> AsyncGenerator[dict[str, Cloud]]:
    """Four hosts of which the last is not asked by itself."""
    made: dict[str, Cloud] = {}
    servers = []
    for key in ("global", "us", "cn", "atess"):
        cloud, server = Cloud(), Server()
        server.answer = cloud.handle
        running = server.running()
        await running.__aenter__()
        servers.append(running)
        cloud.url = server.url
        made[key] = cloud
    table = tuple(
        Host(
            key=key,
            url=cloud.url,
            old=(f"server-{key}.growatt.com",),
            automatic=key != "atess",
        )
        for key, cloud in made.items()
    )
    with patch.object(hosts, "HOSTS", table):
        yield made
    for running in servers:
        await running.__aexit__(None, None, None)


async def test_the_first_host_that_knows_the_token_wins(
    clouds: dict[str, Cloud], token_client: Callable[..., TokenClient]
) -> None:
    clouds["global"].usual, clouds["us"].usual = UNKNOWN, KNOWN
    found = await hosts.find_token_host(token_client)
    assert found.url == clouds["us"].url
    assert found.plants == PLANTS
    assert clouds["cn"].asked == []
    assert [len(cloud.asked) for cloud in clouds.values()] == [1, 1, 0, 0]


@pytest.mark.parametrize("answer", [UNKNOWN, ELSEWHERE])
async def test_a_token_that_no_host_knows_is_refused(
    clouds: dict[str, Cloud], token_client: Callable[..., TokenClient], answer: Any
) -> None:
    for cloud in clouds.values():
        cloud.usual = answer
    with pytest.raises(AuthError):
        await hosts.find_token_host(token_client)
    assert [len(cloud.asked) for cloud in clouds.values()] == [1, 1, 1, 0]


async def test_a_rate_limit_ends_the_search(
    clouds: dict[str, Cloud], token_client: Callable[..., TokenClient]
) -> None:
    clouds["global"].usual = TOO_FAST
    with pytest.raises(ThrottledError):
        await hosts.find_token_host(token_client)
    assert clouds["us"].asked == []


async def test_a_host_that_is_down_is_not_taken_for_a_refusal(
    clouds: dict[str, Cloud], token_client: Callable[..., TokenClient]
) -> None:
    clouds["global"].usual = down
    clouds["us"].usual = clouds["cn"].usual = UNKNOWN
    with pytest.raises(TransportError):
        await hosts.find_token_host(token_client)
    clouds["cn"].usual = KNOWN
    assert (await hosts.find_token_host(token_client)).url == clouds["cn"].url


async def test_the_host_of_a_user_name_is_asked_for(
    clouds: dict[str, Cloud], new_session: Callable[..., ClassicSession]
) -> None:
    clouds["global"].usual = {"success": True, "msg": "server-us.growatt.com"}
    found = await find_login_host(new_session)
    assert found == (clouds["us"].url, "https://server-us.growatt.com")
    (asked,) = clouds["global"].asked
    assert asked.path == "/newLoginAPI.do"
    assert asked.query == {"op": "getServerUrlByName"}
    assert asked.form == {"userName": USER}
    assert clouds["us"].asked == []


async def test_china_is_asked_where_the_others_do_not_know(
    clouds: dict[str, Cloud], new_session: Callable[..., ClassicSession]
) -> None:
    clouds["global"].usual = {"success": False, "msg": ""}
    clouds["cn"].usual = {"success": 1, "msg": clouds["cn"].url}
    assert await find_login_host(new_session) == (clouds["cn"].url,)
    assert clouds["us"].asked == []


async def test_nobody_knows_the_user_name(
    clouds: dict[str, Cloud], new_session: Callable[..., ClassicSession]
) -> None:
    for cloud in clouds.values():
        cloud.usual = {"success": False, "msg": ""}
    assert await find_login_host(new_session) == ()


async def test_another_host_is_asked_if_the_first_is_down(
    clouds: dict[str, Cloud], new_session: Callable[..., ClassicSession]
) -> None:
    clouds["global"].usual = down
    clouds["us"].usual = {"success": True, "msg": "server-cn.growatt.com"}
    assert (await find_login_host(new_session))[0] == clouds["cn"].url
    clouds["us"].usual = clouds["cn"].usual = down
    with pytest.raises(TransportError):
        await find_login_host(new_session)


async def test_the_password_goes_to_no_strange_host(
    clouds: dict[str, Cloud], new_session: Callable[..., ClassicSession]
) -> None:
    clouds["cn"].usual = {"success": False, "msg": ""}
    for told in ("evil.example", "growatt.com.evil.example", "", "evilgrowatt.com"):
        clouds["global"].usual = {"success": True, "msg": told}
        assert await find_login_host(new_session) == ()
    clouds["global"].usual = {"success": True, "msg": "server-new.growatt.com"}
    assert await find_login_host(new_session) == ("https://server-new.growatt.com",)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://openapi.growatt.com/", "global"),
        ("https://server-api.growatt.com", "global"),
        ("server.growatt.com", "global"),
        ("https://OpenAPI-AU.growatt.com", "au"),
        ("http://openapi-us.growatt.com/v1", "us"),
        ("http://server.smten.com/", "smten"),
        ("http://ess-server.atesspower.com/", "atess"),
        ("https://growatt.example", None),
        ("https://[", None),
        ("", None),
    ],
)
def test_a_host_has_a_key_by_all_its_names(url: str, key: str | None) -> None:
    assert host_key(url) == key


def test_credentials_are_only_sent_over_tls_by_themselves() -> None:
    assert [host.key for host in hosts.HOSTS if host.automatic] == [
        "global",
        "us",
        "au",
        "cn",
    ]
    assert all(
        host.url.startswith("https://") for host in hosts.HOSTS if host.automatic
    )
