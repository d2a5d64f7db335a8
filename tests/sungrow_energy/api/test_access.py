"""Tokens that are refused (reference sections 2.2 and 4.2)."""

from typing import Any

from aiohttp import web
import pytest

from custom_components.sungrow_energy._vendor.core.client.errors import (
    AuthError,
    MaintenanceError,
    NotPermittedError,
)
from custom_components.sungrow_energy.api.access import Flavour
from custom_components.sungrow_energy.api.client import SungrowClient
from tests.core.fake_clock import FakeClock

from .conftest import NEXT, TOKEN, Asked, Cloud, Tokens, no, ok, page

DEAD = {
    "E00003": no("E00003"),
    "002": no("002"),
    "E900": no("E900"),
    "error": {"error": "invalid_token"},
    "401": lambda _: web.Response(status=401),
}
LISTS = {"queryPowerStationList", "getPowerStationList"}


def token_of(asked: Asked) -> str:
    """Return the token of a request of either flavour."""
    bearer = asked.headers.get("Authorization", "").removeprefix("Bearer ")
    return str(asked.body.get("token", bearer))


class Gate:
    """Takes ``alive`` alone; ``forbidden`` endpoints take no token at all."""

    def __init__(self, dead: Any, alive: str | None, *forbidden: str) -> None:
        self._dead, self._alive, self._forbidden = dead, alive, forbidden

    def __call__(self, asked: Asked) -> Any:
        if token_of(asked) == self._alive and asked.endpoint not in self._forbidden:
            return page({"ps_id": 1}, row_count=1)
        return self._dead(asked) if callable(self._dead) else self._dead


@pytest.mark.parametrize("dead", DEAD.values(), ids=DEAD)
async def test_a_dead_token_is_renewed_once(
    client: SungrowClient, cloud: Cloud, tokens: Tokens, dead: Any
) -> None:
    cloud.usual = Gate(dead, NEXT)
    assert await client.faults() == [{"ps_id": 1}]
    assert tokens.renewed == [TOKEN]
    assert token_of(cloud.last) == NEXT
    await client.faults()
    assert tokens.renewed == [TOKEN]


@pytest.mark.parametrize("dead", DEAD.values(), ids=DEAD)
async def test_two_dead_tokens_are_a_dead_grant(
    client: SungrowClient, cloud: Cloud, tokens: Tokens, dead: Any
) -> None:
    cloud.usual = Gate(dead, None)
    with pytest.raises(AuthError) as caught:
        await client.faults()
    assert (type(caught.value), caught.value.reason) == (AuthError, "grant_dead")
    assert tokens.renewed == [TOKEN]


async def test_a_dead_grant_is_seen_by_the_plant_list_too(
    client: SungrowClient, cloud: Cloud, tokens: Tokens
) -> None:
    cloud.usual = no("E900")
    with pytest.raises(AuthError):
        await client.plants()
    assert [token_of(asked) for asked in cloud.asked] == [TOKEN, NEXT]


async def test_what_no_token_may_do_costs_no_token(
    client: SungrowClient, cloud: Cloud, tokens: Tokens
) -> None:
    cloud.usual = Gate(no("E900"), TOKEN, "getFaultAlarmInfo")
    with pytest.raises(NotPermittedError) as caught:
        await client.faults()
    assert (caught.value.reason, caught.value.code) == ("no_permission", "E900")
    assert not tokens.renewed


@pytest.mark.parametrize("name", ["E00003", "401"])
async def test_what_a_new_token_may_not_do_either_is_no_dead_grant(
    client: SungrowClient, cloud: Cloud, tokens: Tokens, name: str
) -> None:
    cloud.usual = Gate(DEAD[name], NEXT, "getFaultAlarmInfo")
    with pytest.raises(NotPermittedError) as caught:
        await client.faults()
    assert caught.value.reason == "no_permission"
    with pytest.raises(NotPermittedError):
        await client.faults()
    assert tokens.renewed == [TOKEN]


async def test_the_plant_list_is_asked_once_for_several_refusals(
    client: SungrowClient, cloud: Cloud, clock: FakeClock
) -> None:
    cloud.usual = Gate(no("E900"), TOKEN, "getFaultAlarmInfo")
    for _ in range(3):
        with pytest.raises(NotPermittedError):
            await client.faults()
    assert len(LISTS.intersection(cloud.endpoints)) == 1
    assert len(cloud.asked) == 4
    await clock.advance(50_000)
    with pytest.raises(NotPermittedError):
        await client.faults()
    assert len(cloud.asked) == 5


async def test_a_token_that_dies_is_renewed_although_it_was_refused_elsewhere(
    client: SungrowClient, cloud: Cloud, tokens: Tokens
) -> None:
    """Each endpoint has to be refused by itself."""
    cloud.usual = Gate(no("E900"), TOKEN, "getFaultAlarmInfo")
    with pytest.raises(NotPermittedError):
        await client.faults()
    cloud.usual = Gate(no("E900"), NEXT, "getFaultAlarmInfo")
    with pytest.raises(NotPermittedError):
        await client.faults()
    assert not tokens.renewed
    await client.devices("5123456")
    assert tokens.renewed == [TOKEN]


async def test_another_token_is_tried_with_the_plant_list_again(
    client: SungrowClient, cloud: Cloud, tokens: Tokens
) -> None:
    cloud.usual = Gate(no("E900"), TOKEN, "getFaultAlarmInfo")
    with pytest.raises(NotPermittedError):
        await client.faults()
    tokens.left.popleft()
    cloud.usual = no("E900")
    with pytest.raises(AuthError) as caught:
        await client.faults()
    assert caught.value.reason == "grant_dead"


async def test_a_silent_plant_list_does_not_decide(
    client: SungrowClient, cloud: Cloud, tokens: Tokens
) -> None:
    cloud.say(no("E900"), no("-1"))
    with pytest.raises(MaintenanceError):
        await client.faults()
    assert not tokens.renewed


async def test_a_refused_change_is_sent_again_with_a_new_token(
    client: SungrowClient, cloud: Cloud, tokens: Tokens
) -> None:
    taken = {"check_result": "1", "dev_result_list": [{"code": "1", "task_id": "7"}]}
    cloud.say(no("E00003"), ok(taken))
    rows = [("10001", "950")]
    assert await client.submit_parameters("10941275", rows, write=True) == "7"
    assert tokens.renewed == [TOKEN]


@pytest.mark.parametrize(
    ("flavour", "path"),
    [
        (Flavour.OAUTH, "/openapi/platform/getFaultAlarmInfo"),
        (Flavour.LOGIN, "/openapi/getFaultAlarmInfo"),
    ],
)
async def test_each_flavour_has_its_paths(
    client: SungrowClient, cloud: Cloud, flavour: Flavour, path: str
) -> None:
    cloud.usual = page(row_count=0)
    assert client.flavour is flavour
    await client.faults()
    assert cloud.last.path == path
