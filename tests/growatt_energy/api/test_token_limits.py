"""Reference sections 5.2 to 5.4: documented limits, read strictly."""

import asyncio
from collections.abc import Callable
from itertools import pairwise

import pytest

from custom_components.growatt_energy._vendor.core.client.errors import ThrottledError
from custom_components.growatt_energy.api.limits import token_budget
from custom_components.growatt_energy.api.token_client import TokenClient
from tests.core.fake_clock import FakeClock

from .conftest import MIN, NOAH, SPH, Cloud

TOO_FAST = {"data": "", "error_code": 10012, "error_msg": "error_frequently_access"}
GOOD_V4 = {"code": 0, "data": {}, "message": "SUCCESSFUL_OPERATION"}


async def test_five_minutes_are_not_waited_for(
    client: TokenClient, cloud: Cloud, clock: FakeClock
) -> None:
    await client.last("min", MIN)
    with pytest.raises(ThrottledError) as caught:
        await client.last("min", "TPJ0CD4002")
    assert caught.value.group == "device/tlx/tlx_last_data"
    assert caught.value.retry_after == pytest.approx(300, abs=1)
    assert caught.value.code is None
    assert len(cloud.asked) == 1
    await clock.sleep(290)
    await client.last("min", MIN)  # what is left is waited for
    assert len(cloud.asked) == 2


async def test_a_limit_holds_over_all_families(
    client: TokenClient, cloud: Cloud
) -> None:
    cloud.usual = GOOD_V4
    await client.query_last("min", [MIN])
    with pytest.raises(ThrottledError):
        await client.query_last("sph", [SPH])
    assert len(cloud.asked) == 1


@pytest.mark.parametrize(("ask", "gap"), [("settings", 10), ("query_devices", 5)])
async def test_short_gaps_are_waited_for(
    client: TokenClient, cloud: Cloud, clock: FakeClock, ask: str, gap: float
) -> None:
    cloud.usual = {"code": 0, "error_code": 0, "data": {}}
    arguments = [MIN] if ask == "settings" else []
    before = clock.monotonic()
    for _ in range(3):
        await getattr(client, ask)(*arguments)
    assert clock.monotonic() - before == pytest.approx(2 * gap, abs=0.1)


async def test_who_asks_at_the_same_time_goes_one_after_the_other(
    client: TokenClient, cloud: Cloud, clock: FakeClock
) -> None:
    times: list[float] = []

    def note(_: object) -> object:
        times.append(clock.monotonic())
        return {"error_code": 0, "data": "1"}

    cloud.usual = note
    names = ("charge_power", "discharge_power", "charge_stop_soc", "ac_charge")
    await asyncio.gather(*(client.read_param("min", MIN, name) for name in names))
    gaps = [b - a for a, b in pairwise(times)]
    assert len(gaps) == 3
    assert min(gaps) >= 10


async def test_all_calls_of_a_token_are_a_second_apart(
    client: TokenClient, cloud: Cloud, clock: FakeClock
) -> None:
    before = clock.monotonic()
    await client.plants()
    await client.devices("1234567")
    await client.plant_data("1234567")
    assert clock.monotonic() - before >= 2


async def test_the_plant_list_is_asked_ten_times_a_day(
    client: TokenClient, cloud: Cloud, clock: FakeClock
) -> None:
    for _ in range(10):
        await client.plants()
        await clock.sleep(301)
    with pytest.raises(ThrottledError) as caught:
        await client.plants()
    assert caught.value.group == "plant/list"
    assert (caught.value.retry_after or 0) > 80_000


async def test_a_refused_endpoint_rests_longer_each_time_and_others_go_on(
    client: TokenClient, cloud: Cloud, clock: FakeClock
) -> None:
    pauses = []
    for _ in range(4):
        cloud.say(TOO_FAST)
        with pytest.raises(ThrottledError) as caught:
            await client.settings(MIN)
        assert caught.value.code == "10012"
        with pytest.raises(ThrottledError) as paused:
            await client.settings(MIN)
        pauses.append(round(paused.value.retry_after or 0))
        await client.details("sph", SPH)
        await clock.sleep(paused.value.retry_after or 0)
    assert pauses == [300, 600, 1200, 1200]
    await client.settings(MIN)
    cloud.say(TOO_FAST)
    with pytest.raises(ThrottledError) as caught:
        await client.settings(MIN)
    assert caught.value.retry_after == 300


async def test_after_a_refusal_calls_are_three_seconds_apart(
    client: TokenClient, cloud: Cloud, clock: FakeClock
) -> None:
    cloud.say(TOO_FAST)
    with pytest.raises(ThrottledError):
        await client.settings(MIN)
    before = clock.monotonic()
    await client.devices("1234567")
    await client.plant_data("1234567")
    assert clock.monotonic() - before >= 6


async def test_noah_may_be_asked_each_minute_and_holds_up_the_others(
    client: TokenClient, cloud: Cloud, clock: FakeClock
) -> None:
    cloud.usual = GOOD_V4
    await client.query_last("noah", [NOAH])
    await clock.sleep(61)
    await client.query_last("noah", [NOAH])
    with pytest.raises(ThrottledError) as caught:
        await client.query_last("wit", ["WIT0000001"])
    assert caught.value.retry_after == pytest.approx(300, abs=1)
    await clock.sleep(300)
    await client.query_last("wit", ["WIT0000001"])
    with pytest.raises(ThrottledError):
        await client.query_last("noah", [NOAH])
    assert len(cloud.asked) == 3


async def test_a_noah_that_was_not_asked_holds_nobody_up(
    client: TokenClient, cloud: Cloud, clock: FakeClock
) -> None:
    cloud.usual = GOOD_V4
    await client.query_last("wit", ["WIT0000001"])
    with pytest.raises(ThrottledError):
        await client.query_last("noah", [NOAH])
    await clock.sleep(301)
    await client.query_last("wit", ["WIT0000001"])
    assert len(cloud.asked) == 2


async def test_the_limits_outlive_a_restart(
    cloud: Cloud, clock: FakeClock, token_client: Callable[..., TokenClient]
) -> None:
    cloud.usual = {"error_code": 0, "data": {}}
    before = token_budget(clock)
    await token_client(cloud.url, before).devices("1234567")
    after = token_budget(clock)
    after.restore(before.dump())
    with pytest.raises(ThrottledError):
        await token_client(cloud.url, after).devices("1234567")
    assert len(cloud.asked) == 1


async def test_a_write_is_admitted_unless_its_endpoint_rests(
    client: TokenClient, cloud: Cloud
) -> None:
    await client.write_param("min", MIN, "charge_power", ["80"])
    client.admit("tlxSet")  # ten seconds are waited for
    cloud.say(TOO_FAST)
    with pytest.raises(ThrottledError):
        await client.write_param("min", MIN, "charge_power", ["90"])
    with pytest.raises(ThrottledError):
        client.admit("tlxSet")
    client.admit("setVppParameter")
