"""Growatt: how often a token may ask (growatt.md 5.2)."""

import pytest

from simulator.growatt import GrowattSimulator

from .growatt_client import FREQUENT_V4, HOME, LIMITED, MIN, NOAH, SPH, Token


async def test_plants_may_be_asked_for_every_five_minutes(token: Token) -> None:
    assert (await token.get("plant/list"))["error_code"] == 0
    token.clock.advance(299)
    answer = await token.get("plant/list")
    assert (answer["error_code"], answer["error_msg"]) == (
        LIMITED,
        "error_frequently_access",
    )
    token.clock.advance(1)
    assert (await token.get("plant/list"))["error_code"] == 0
    assert (await token.get("plant/details", plant_id=HOME))["error_code"] == 0


async def test_plants_may_be_asked_for_ten_times_a_day(token: Token) -> None:
    for _ in range(10):
        assert (await token.get("plant/list"))["error_code"] == 0
        token.clock.advance(600)
    assert (await token.get("plant/list"))["error_code"] == LIMITED
    token.clock.advance(24 * 3600 - 6000)
    assert (await token.get("plant/list"))["error_code"] == 0


@pytest.mark.parametrize("kinds", [("SPH",)])
async def test_a_sph_may_be_asked_every_ten_seconds(token: Token) -> None:
    for advance, code in ((0, 0), (9, LIMITED), (1, 0)):
        token.clock.advance(advance)
        answer = await token.post("device/mix/mix_last_data", mix_sn=SPH)
        assert answer["error_code"] == code


async def test_settings_have_no_limit(token: Token, growatt: GrowattSimulator) -> None:
    for _ in range(3):
        await token.get("device/tlx/tlx_set_info", device_sn=MIN)
        assert await token.tlx("charge_power", 80) == 0
    assert growatt.limits.broken == 0


@pytest.mark.parametrize("kinds", [("MIN", "SPH")])
@pytest.mark.parametrize(
    ("scope", "code", "broken"), [("endpoint", FREQUENT_V4, 1), ("family", 0, 0)]
)
async def test_families_share_a_limit_of_v4_by_the_stricter_reading(
    token: Token, growatt: GrowattSimulator, scope: str, code: int, broken: int
) -> None:
    growatt.limits.scope = scope
    assert (await token.v4("queryLastData"))["code"] == 0
    token.clock.advance(60)
    answer = await token.v4("queryLastData", growatt.devices[SPH])
    assert answer["code"] == code
    assert growatt.limits.broken == broken
    assert (await token.v4("queryLastData"))["code"] == FREQUENT_V4


@pytest.mark.parametrize("kinds", [("NOAH",)])
async def test_a_noah_may_be_asked_every_minute(token: Token) -> None:
    assert token.device.sn == NOAH
    for advance, code in ((0, 0), (59, FREQUENT_V4), (1, 0)):
        token.clock.advance(advance)
        assert (await token.v4("queryLastData"))["code"] == code


async def test_writes_of_v4_need_five_seconds(token: Token) -> None:
    for advance, code in ((0, 0), (4, FREQUENT_V4), (1, 0)):
        token.clock.advance(advance)
        assert (await token.v4("setPower", value=90))["code"] == code


async def test_without_enforcement_they_are_counted_all_the_same(
    token: Token, growatt: GrowattSimulator
) -> None:
    growatt.limits.enforced = False
    for _ in range(3):
        assert (await token.get("plant/list"))["error_code"] == 0
        token.clock.advance(1)
    assert growatt.limits.broken == 2
    assert {it.endpoint for it in growatt.limits.violations} == {"plant/list"}
    assert {it.gap for it in growatt.limits.violations} == {1.0}
    growatt.limits.forget()
    assert growatt.limits.broken == 0


async def test_a_refused_call_prolongs_nothing(token: Token) -> None:
    await token.get("plant/list")
    token.clock.advance(200)
    await token.get("plant/list")
    token.clock.advance(100)
    assert (await token.get("plant/list"))["error_code"] == 0
