"""Growatt: settings, segments, periods and VPP move the battery (growatt.md 6)."""

from typing import Any

import pytest

from simulator.growatt import Device, GrowattSimulator

from .growatt_client import MIN, NOAH, SPA, SPH, STORAGE, STRING, Token

# It is 13:10:30 at the plant
NOW_PERIOD = (13, 0, 14, 0, 1)
NONE = (0, 0, 0, 0, 0)


def battery_w(device: Device) -> int:
    return round(device.house.live().battery_w)


def grid_w(device: Device) -> int:
    return round(device.house.live().grid_w)


async def settle(token: Token, minutes: float = 1) -> int:
    token.clock.advance(60 * minutes)
    return battery_w(token.device)


# MIN


@pytest.mark.parametrize(("ac_charge", "expected"), [(1, -6000), (0, 0)])
async def test_battery_first_charges_from_the_grid_only_if_it_may(
    token: Token, ac_charge: int, expected: int
) -> None:
    await token.tlx("charge_power", 50)
    await token.tlx("ac_charge", ac_charge)
    assert await token.tlx("time_segment1", 1, *NOW_PERIOD) == 0
    assert await settle(token) == expected
    assert grid_w(token.device) == 500 - expected


async def test_battery_first_lets_the_sun_charge_before_the_load(token: Token) -> None:
    token.device.house.override(pv_w=400)
    await token.tlx("time_segment1", 1, *NOW_PERIOD)
    assert await settle(token) == -400
    assert grid_w(token.device) == 500
    assert token.device.now().today.grid_charge_wh == pytest.approx(0, abs=1)


async def test_the_grid_charges_up_to_its_own_limit(token: Token) -> None:
    await token.tlx("ac_charge", 1)
    await token.tlx("ub_ac_charging_stop_soc", 50)
    await token.tlx("time_segment1", 1, *NOW_PERIOD)
    assert await settle(token) == 0


async def test_charging_ends_at_the_stop_soc(token: Token) -> None:
    await token.tlx("ac_charge", 1)
    await token.tlx("charge_stop_soc", 52)
    await token.tlx("time_segment1", 1, *NOW_PERIOD)
    assert await settle(token) == -11000
    assert await settle(token, 30) == 0
    assert token.device.house.live().soc == pytest.approx(52, abs=0.01)


async def test_grid_first_exports_with_the_power_that_was_set(token: Token) -> None:
    await token.tlx("discharge_power", 25)
    await token.tlx("time_segment3", 2, *NOW_PERIOD)
    assert await settle(token) == 3000
    assert grid_w(token.device) == -2500


async def test_grid_first_ends_at_the_stop_soc_on_the_grid(token: Token) -> None:
    await token.tlx("on_grid_discharge_stop_soc", 49)
    await token.tlx("time_segment3", 2, *NOW_PERIOD)
    assert await settle(token, 20) == 0
    assert token.device.house.live().soc == pytest.approx(49, abs=0.01)


async def test_grid_first_without_power_holds(token: Token) -> None:
    await token.tlx("discharge_power", 0)
    await token.tlx("time_segment3", 2, *NOW_PERIOD)
    token.device.house.override(pv_w=2000)
    assert await settle(token) == 0


@pytest.mark.parametrize(
    "params", [(1, 13, 0, 14, 0, 0), (1, 12, 0, 13, 0, 1), (0, 13, 0, 14, 0, 1)]
)
async def test_a_segment_does_nothing_when_it_is_off_or_over_or_load_first(
    token: Token, params: tuple[int, ...]
) -> None:
    await token.tlx("ac_charge", 1)
    assert await token.tlx("time_segment1", *params) == 0
    assert await settle(token) == 500


async def test_a_segment_ends_by_itself(token: Token) -> None:
    await token.tlx("time_segment1", 2, 13, 0, 13, 30, 1)
    assert await settle(token) == 11000
    assert await settle(token, 19) == 500


async def test_segments_follow_the_inverters_own_clock(token: Token) -> None:
    await token.tlx("pf_sys_year", "2026-05-03 15:10:30")
    await token.tlx("time_segment1", 2, *NOW_PERIOD)
    assert await settle(token) == 500


@pytest.mark.parametrize(
    ("kind", "value", "pv_w", "expected"),
    [
        ("discharge_power", 0, 0, 0),
        ("discharge_power", 2, 0, 240),
        ("charge_power", 0, 3000, 0),
        ("charge_power", 10, 3000, -1200),
        ("on_grid_discharge_stop_soc", 50, 0, 0),
        ("charge_stop_soc", 50, 3000, 0),
    ],
)
async def test_limits_hold_in_load_first(
    token: Token, kind: str, value: int, pv_w: int, expected: int
) -> None:
    token.device.house.override(pv_w=pv_w)
    assert await token.tlx(kind, value) == 0
    assert await settle(token) == expected


async def test_the_reaction_takes_a_moment(token: Token) -> None:
    await token.tlx("discharge_power", 0)
    token.clock.advance(1)
    assert battery_w(token.device) == 500
    token.clock.advance(1.5)
    assert battery_w(token.device) == 0


async def test_switched_off_it_does_nothing(token: Token) -> None:
    token.device.house.override(pv_w=3000)
    assert await token.tlx("tlx_on_off", "0000") == 0
    assert await settle(token) == 0
    assert token.device.house.live().pv_w == 0
    assert await token.tlx("tlx_on_off", "0001") == 0
    assert await settle(token) == -2500


async def test_the_active_power_limits_what_comes_out(token: Token) -> None:
    token.device.house.override(pv_w=9000, soc=100)
    assert (await token.v4("setPower", value=50))["code"] == 0
    await settle(token)
    assert token.device.house.live().pv_w == 6000
    token.clock.advance(5)
    assert (await token.v4("readPower"))["data"] == 50


@pytest.mark.parametrize(("percent", "export"), [(0, 0), (10, 1200)])
async def test_the_export_can_be_limited(
    token: Token, percent: int, export: int
) -> None:
    token.device.house.override(pv_w=9000, soc=100)
    assert await token.tlx("backflow_setting", 1, percent) == 0
    await settle(token)
    assert grid_w(token.device) == -export


async def test_a_battery_can_ignore_what_it_was_told(token: Token) -> None:
    token.device.switches.follows = False
    await token.tlx("time_segment1", 2, *NOW_PERIOD)
    assert await settle(token) == 500
    assert token.device.settings.active["time1Mode"] == 2


# VPP


async def remote(token: Token, percent: int, minutes: int = 120) -> None:
    for number, value in ((1, 1), (25, 1), (26, minutes), (27, percent)):
        assert await token.vpp(number, value) == 0


@pytest.mark.parametrize(("percent", "expected"), [(60, -7200), (-25, 3000), (0, 0)])
async def test_vpp_moves_the_battery_at_once(
    token: Token, percent: int, expected: int
) -> None:
    await remote(token, percent)
    assert battery_w(token.device) == expected


async def test_vpp_ends_by_itself(token: Token) -> None:
    await remote(token, -25, minutes=30)
    assert await token.vpp_value(26) == 30
    token.clock.advance(20 * 60)
    assert await token.vpp_value(26) == 10
    assert battery_w(token.device) == 3000
    token.clock.advance(10 * 60)
    assert battery_w(token.device) == 500
    assert [await token.vpp_value(number) for number in (25, 26, 27)] == [0, 0, 0]


async def test_a_new_duration_replaces_the_old_one(token: Token) -> None:
    await remote(token, -25, minutes=30)
    token.clock.advance(20 * 60)
    assert await token.vpp(26, 60) == 0
    token.clock.advance(30 * 60)
    assert battery_w(token.device) == 3000
    token.clock.advance(31 * 60)
    assert battery_w(token.device) == 500


async def test_vpp_without_a_duration_goes_on(token: Token) -> None:
    await remote(token, 1, minutes=0)
    token.clock.advance(24 * 3600)
    assert battery_w(token.device) == -120


async def test_vpp_is_stopped(token: Token) -> None:
    await remote(token, 60)
    assert await token.vpp(27, 0) == 0
    assert await token.vpp(25, 0) == 0
    assert battery_w(token.device) == 500
    token.clock.advance(3 * 3600)
    assert await token.vpp_value(1) == 1


async def test_vpp_needs_the_authority_first(token: Token) -> None:
    assert await token.vpp(27, 60) == 6
    assert await token.vpp(1, 1) == 0
    assert await token.vpp(27, 60) == 0
    assert battery_w(token.device) == 500


@pytest.mark.parametrize(
    ("number", "value"), [(27, 101), (26, 1441), (23, 31), (4, 1), (34, "{")]
)
async def test_vpp_has_ranges(token: Token, number: int, value: Any) -> None:
    assert await token.vpp(1, 1) == 0
    assert await token.vpp(number, value) == 6


@pytest.mark.parametrize(("floor", "soc"), [("both", 49), ("own", 30)])
async def test_vpp_keeps_the_reserve(token: Token, floor: Any, soc: int) -> None:
    token.device.switches.vpp_floor = floor
    await token.tlx("on_grid_discharge_stop_soc", 49)
    token.clock.advance(5)
    await token.vpp(1, 1)
    await token.vpp(23, 30)
    await remote(token, -100)
    token.clock.advance(110 * 60)
    assert token.device.house.live().soc == pytest.approx(soc, abs=0.01)


async def test_vpp_beats_segments(token: Token) -> None:
    await token.tlx("time_segment1", 2, *NOW_PERIOD)
    await remote(token, 10)
    assert battery_w(token.device) == -1200


async def test_vpp_may_still_show_what_has_ended(token: Token) -> None:
    token.device.switches.vpp_ended = "kept"
    await remote(token, -25, minutes=30)
    token.clock.advance(30 * 60)
    assert battery_w(token.device) == 500
    assert [await token.vpp_value(number) for number in (25, 26)] == [1, 0]
    assert token.device.vpp.values[27] == -25
    await remote(token, -25, minutes=30)
    assert battery_w(token.device) == 3000


@pytest.mark.parametrize("code", [6, 7])
async def test_vpp_is_unknown_to_other_models(token: Token, code: Any) -> None:
    token.device.switches.vpp = False
    token.device.switches.vpp_refusal = code
    assert await token.vpp(1, 1) == code
    token.clock.advance(5)
    answer = await token.v4("readVppParameter", setType="set_param_1")
    assert answer["code"] == code


async def test_vpp_may_be_refused_for_a_while(token: Token) -> None:
    token.device.switches.vpp_passing = 2
    codes = []
    for _ in range(3):
        answer = await token.v4("readVppParameter", setType="set_param_1")
        codes.append(answer["code"])
        token.clock.advance(5)
    assert codes == [6, 6, 0]
    assert await token.vpp(1, 1) == 0


async def test_vpp_of_v1_is_in_minutes(token: Token) -> None:
    answer = await token.post("vppRemoteSetNew", vppSn=MIN, time=30, percentage=-25)
    assert answer["error_code"] == 0
    assert battery_w(token.device) == 3000
    answer = await token.post("device/vpp/getSocData", vppSn=MIN)
    assert answer["soc"] == 50.0
    token.clock.advance(30 * 60)
    assert battery_w(token.device) == 500


# The others


@pytest.mark.parametrize("kinds", [("SPH",)])
async def test_a_sph_follows_its_periods(token: Token) -> None:
    charge = (50, 90, 1, *NOW_PERIOD, *NONE, *NONE)
    await token.set("mixSet", SPH, "mix_ac_charge_time_period", *charge)
    assert await settle(token) == -3000
    charge = (50, 90, 0, *NOW_PERIOD, *NONE, *NONE)
    await token.set("mixSet", SPH, "mix_ac_charge_time_period", *charge)
    assert await settle(token) == 0
    charge = (50, 90, 1, *NONE, *NONE, *NONE)
    await token.set("mixSet", SPH, "mix_ac_charge_time_period", *charge)
    discharge = (25, 20, *NOW_PERIOD, *NONE, *NONE)
    await token.set("mixSet", SPH, "mix_ac_discharge_time_period", *discharge)
    assert await settle(token) == 1500
    discharge = (0, 20, *NOW_PERIOD, *NONE, *NONE)
    await token.set("mixSet", SPH, "mix_ac_discharge_time_period", *discharge)
    assert await settle(token) == 0


@pytest.mark.parametrize("kinds", [("SPH",)])
async def test_a_sph_keeps_its_reserve_in_load_first(token: Token) -> None:
    assert await token.set("mixSet", SPH, "mix_load_flast_value_multi", 50) == 0
    assert await settle(token) == 0


@pytest.mark.parametrize("kinds", [("SPA",)])
async def test_a_spa_charges_discharges_and_holds(token: Token) -> None:
    charge = (50, 90, 1, *NOW_PERIOD, *NONE, *NONE)
    await token.set("spaSet", SPA, "spa_ac_charge_time_period", *charge)
    assert await settle(token) == -1500
    charge = (50, 90, 1, *NONE, *NONE, *NONE)
    await token.set("spaSet", SPA, "spa_ac_charge_time_period", *charge)
    windows = (*NOW_PERIOD, *NONE, *NONE)
    assert await token.set("spaSet", SPA, "spa_load_flast", *windows) == 0
    assert await settle(token) == 0
    token.device.house.override(pv_w=2000)
    assert await settle(token) == -1500


@pytest.mark.parametrize("kinds", [("SPA",)])
async def test_the_string_inverter_beside_a_spa_is_switched_off_alone(
    token: Token, growatt: GrowattSimulator
) -> None:
    token.device.house.override(pv_w=2000)
    answer = await token.v4("setOnOrOff", growatt.devices[STRING], value=0)
    assert answer["code"] == 0
    assert await settle(token) == 500
    assert token.device.house.live().pv_w == 0


@pytest.mark.parametrize("kinds", [("NOAH",)])
async def test_a_noah_puts_out_a_fixed_power(token: Token) -> None:
    assert token.device.sn == NOAH
    assert (await token.v4("setPower", value=300))["code"] == 0
    assert await settle(token) == 300
    token.device.house.override(pv_w=500)
    assert await settle(token) == -200


@pytest.mark.parametrize("kinds", [("STORAGE",)])
async def test_a_storage_charges_in_its_window(token: Token) -> None:
    for kind, params in (
        ("storage_ac_charge_hour_start", (13, 0, 14, 0)),
        ("storage_ac_charge_enable_disenable", (1,)),
    ):
        assert await token.set("storageSet", STORAGE, kind, *params) == 0
    assert await settle(token) == -4000


@pytest.mark.parametrize("kinds", [("STORAGE",)])
async def test_zero_enables_the_forced_discharge_of_a_storage(token: Token) -> None:
    kind = "storage_cmd_forced_discharge_time1"
    assert await token.set("storageSet", STORAGE, kind, 13, 0, 14, 0) == 0
    assert await settle(token) == 500
    kind = "storage_cmd_forced_discharge_enable"
    assert await token.set("storageSet", STORAGE, kind, 0) == 0
    assert await settle(token) == 5000
