"""Growatt: which writes are accepted, and who knows of them when (growatt.md 6)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from simulator.growatt import GrowattSimulator

from .growatt_client import MIN, NOAH, SPA, SPH, STORAGE, Token

PERIODS = ("1", "0", "5", "0", "1", *("0",) * 10)


async def shown(token: Token, key: str) -> Any:
    answer = await token.get("device/tlx/tlx_set_info", device_sn=MIN)
    return answer["data"][key]


async def read(token: Token, name: str) -> Any:
    answer = await token.post(
        "readMinParam", device_sn=MIN, paramId=name, startAddr=0, endAddr=0
    )
    return answer["data"] if answer["error_code"] == 0 else answer["error_code"]


async def test_the_inverter_knows_at_once_and_the_cloud_later(token: Token) -> None:
    assert await token.tlx("charge_power", 80) == 0
    token.clock.advance(5)
    assert await read(token, "charge_power") == "80"
    assert await shown(token, "chargePowerCommand") == 100
    token.clock.advance(85)
    assert await shown(token, "chargePowerCommand") == 80


async def test_the_clouds_copy_follows_after_10_to_90_seconds(token: Token) -> None:
    delays = []
    for percent in range(40, 60):
        assert await token.tlx("charge_power", percent) == 0
        begin = token.clock()
        while await shown(token, "chargePowerCommand") != percent:
            token.clock.advance(1)
        delays.append(token.clock() - begin)
    assert timedelta(seconds=10) <= min(delays) < timedelta(seconds=30)
    assert timedelta(seconds=70) < max(delays) <= timedelta(seconds=91)


async def test_a_write_is_in_the_journal(token: Token) -> None:
    assert await token.tlx("charge_power", 80) == 0
    assert await token.tlx("charge_power", 80) == 0
    device = token.device
    assert [(it.part, it.asked[0]) for it in device.writes] == [
        ("charge_power", "80")
    ] * 2
    (effect,) = device.effects
    assert effect.before["chargePowerCommand"] == 100
    assert effect.after["chargePowerCommand"] == 80


@pytest.mark.parametrize(
    ("kind", "params", "code"),
    [
        ("no_such_type", (1,), 10006),
        ("charge_power", ("",), 10007),
        ("charge_power", (101,), 10008),
        ("charge_power", ("all",), 10009),
        ("on_grid_discharge_stop_soc", (9,), 10008),
        ("ac_charge", (2,), 10008),
        ("pf_sys_year", ("12:00",), 10009),
        ("time_segment1", (3, 1, 0, 2, 0, 1), 10008),
        ("time_segment1", (1, 24, 0, 2, 0, 1), 10009),
        ("time_segment1", (1, 22, 0, 6, 0, 1), 10013),
        ("time_segment10", (1, 1, 0, 2, 0, 1), 10006),
    ],
)
async def test_a_wrong_value_is_refused_and_changes_nothing(
    token: Token, kind: str, params: tuple[object, ...], code: int
) -> None:
    before = token.device.settings.stored
    assert await token.tlx(kind, *params) == code
    assert token.device.settings.stored == before
    assert token.device.writes == []


async def test_all_nineteen_parameters_have_to_be_there(token: Token) -> None:
    answer = await token.post("tlxSet", tlx_sn=MIN, type="charge_power", param1=80)
    assert answer["error_code"] == 10007


async def test_an_unknown_device_is_not_a_rate_limit(token: Token) -> None:
    form = {f"param{place}": "" for place in range(1, 20)}
    answer = await token.post("tlxSet", tlx_sn="NONE", type="charge_power", **form)
    assert answer["error_code"] == 10012
    assert "frequently" not in answer["error_msg"]


async def test_a_segment_is_read_back_unpadded(token: Token) -> None:
    assert await token.tlx("time_segment2", 1, "01", "05", "05", "30", 1) == 0
    settings = token.device.settings.stored
    assert settings["time2Mode"] == 1
    assert settings["forcedTimeStart2"] == "1:5"
    assert settings["forcedTimeStop2"] == "5:30"
    assert settings["forcedStopSwitch2"] == 1


@pytest.mark.parametrize("enabled", [0, 1])
async def test_segments_do_not_overlap_even_disabled_ones(
    token: Token, enabled: int
) -> None:
    assert await token.tlx("time_segment1", 1, 1, 0, 5, 0, enabled) == 0
    assert await token.tlx("time_segment2", 2, 4, 59, 6, 0, 1) == 10008
    assert await token.tlx("time_segment2", 2, 5, 0, 6, 0, 1) == 0
    token.device.switches.overlap = "accept"
    assert await token.tlx("time_segment2", 2, 4, 59, 6, 0, 1) == 0


@pytest.mark.parametrize(
    ("offline", "write", "live"),
    [("device", 10003, 10003), ("collector", 10005, 10005)],
)
async def test_nothing_reaches_a_device_that_is_offline(
    token: Token, offline: Any, write: int, live: int
) -> None:
    token.device.switches.online = False
    token.device.switches.offline_as = offline
    assert await token.tlx("charge_power", 80) == write
    assert await read(token, "charge_power") == live
    assert (await token.v4("readPower"))["code"] == 5
    assert token.device.writes == []


async def test_a_write_can_be_accepted_and_not_carried_out(token: Token) -> None:
    token.device.switches.executes = False
    assert await token.tlx("charge_power", 80) == 0
    token.clock.advance(120)
    assert await read(token, "charge_power") == "100"
    assert await shown(token, "chargePowerCommand") == 100
    assert len(token.device.writes) == 1
    assert token.device.effects == []


async def test_a_write_can_fail_and_be_carried_out(token: Token) -> None:
    token.device.switches.error_though_applied = True
    assert await token.tlx("charge_power", 80) == 10001
    assert token.device.settings.stored["chargePowerCommand"] == 80
    assert (await token.v4("setPower", value=70))["code"] == 1
    assert token.device.settings.stored["activeRate"] == 70


async def test_a_value_can_be_cut_down(token: Token) -> None:
    token.device.switches.clamps = {"chargePowerCommand": 60}
    assert await token.tlx("charge_power", 80) == 0
    assert token.device.settings.stored["chargePowerCommand"] == 60


async def test_the_clock_is_set_to_the_plants_time(token: Token) -> None:
    assert await token.tlx("pf_sys_year", "2026-05-03 13:15:30") == 0
    assert token.device.clock_error == 300
    assert token.device.system_time() == "2026-05-03 13:15:30"


@pytest.mark.parametrize("kinds", [("SPH",)])
async def test_a_sph_takes_its_periods_as_a_group(token: Token) -> None:
    params = (90, 85, 1, *PERIODS)
    assert await token.set("mixSet", SPH, "mix_ac_charge_time_period", *params) == 0
    settings = token.device.settings.stored
    assert settings["chargePowerCommand"] == 90
    assert settings["wchargeSOCLowLimit2"] == 85
    assert settings["wchargeSOCLowLimit1"] == 100
    assert settings["acChargeEnable"] == 1
    assert settings["forcedChargeTimeStop1"] == "5:0"
    assert settings["forcedChargeStopSwitch1"] == 1
    assert "wchargeSOCLowLimit" not in settings
    short = params[:-2]
    assert await token.set("mixSet", SPH, "mix_ac_charge_time_period", *short) == 10007


@pytest.mark.parametrize("kinds", [("SPH",)])
@pytest.mark.parametrize(("meeting", "code"), [("accept", 0), ("reject", 10008)])
async def test_periods_of_two_sides_may_be_refused_where_they_meet(
    token: Token, meeting: Any, code: int
) -> None:
    token.device.switches.periods_overlap = meeting
    charge, kind = (90, 85, 1, *PERIODS), "mix_ac_discharge_time_period"
    assert await token.set("mixSet", SPH, "mix_ac_charge_time_period", *charge) == 0
    over = (100, 10, "4", "59", "6", "0", "1", *("0",) * 10)
    assert await token.set("mixSet", SPH, kind, *over) == code
    for beside in (("5", "0", "6", "0", "1"), ("4", "59", "6", "0", "0")):
        params = (100, 10, *beside, *("0",) * 10)
        assert await token.set("mixSet", SPH, kind, *params) == 0


@pytest.mark.parametrize("kinds", [("SPH",)])
async def test_the_groups_need_their_own_number_of_parameters(token: Token) -> None:
    texts = [str(param) for param in (100, 20, *PERIODS)]
    form = {f"param{place}": text for place, text in enumerate(texts, start=1)}
    kind = "mix_ac_discharge_time_period"
    answer = await token.post("mixSet", mix_sn=SPH, type=kind, **form)
    assert answer["error_code"] == 0
    del form["param17"]
    answer = await token.post("mixSet", mix_sn=SPH, type=kind, **form)
    assert answer["error_code"] == 10007


@pytest.mark.parametrize("kinds", [("SPA",)])
@pytest.mark.parametrize(("layout", "mains"), [(18, ("0",)), (17, ())])
async def test_a_spa_has_a_mains_flag_or_not(
    token: Token, layout: Any, mains: tuple[str, ...]
) -> None:
    token.device.switches.spa_v1_layout = layout
    params = (90, 85, *mains, *PERIODS)
    assert await token.set("spaSet", SPA, "spa_ac_charge_time_period", *params) == 0
    settings = token.device.settings.stored
    assert settings["batFirstSwitch1"] == 1
    assert settings["forcedChargeTimeStop1"] == "5:0"
    assert settings["acChargeEnable"] == (0 if mains else 1)


@pytest.mark.parametrize("kinds", [("STORAGE",)])
async def test_a_storage_is_read_by_the_names_of_its_writes(token: Token) -> None:
    name = "storage_ac_charge_soc_limit"
    assert await token.set("storageSet", STORAGE, name, 81) == 10008
    assert await token.set("storageSet", STORAGE, name, 60) == 0
    token.clock.advance(5)
    answer = await token.post("readStorageParam", device_sn=STORAGE, paramId=name)
    assert answer["data"] == "60"


@pytest.mark.parametrize("kinds", [("NOAH",)])
@pytest.mark.parametrize(
    ("name", "form", "key", "value"),
    [
        ("setPower", {"value": 300}, "defaultPower", 300),
        ("setPower", {"value": 801}, "defaultPower", None),
        ("setHighLimitSoc", {"value": 90}, "chargingSocHighLimit", 90),
        ("setHighLimitSoc", {"value": 60}, "chargingSocHighLimit", None),
        ("setLowLimitSoc", {"value": 20}, "chargingSocLowLimit", 20),
        ("setGridCharge", {"value": 1}, "allowGridCharging", 1),
        (
            "setTimeSegment",
            {
                "type": 3,
                "startTime": "08:05",
                "endTime": "10:00",
                "mode": 1,
                "power": 150,
                "enable": 1,
            },
            "time3Start",
            "8:5",
        ),
    ],
)
async def test_a_noah_is_set_by_v4(
    token: Token, name: str, form: Mapping[str, Any], key: str, value: Any
) -> None:
    assert token.device.sn == NOAH
    before = token.device.settings.stored[key]
    code = (await token.v4(name, **form))["code"]
    assert code == (6 if value is None else 0)
    assert token.device.settings.stored[key] == (before if value is None else value)


async def test_the_phone_changes_what_is_shown_at_once(
    token: Token, growatt: GrowattSimulator
) -> None:
    growatt.devices[MIN].write_as_app(chargePowerCommand=30)
    assert await shown(token, "chargePowerCommand") == 30
    assert growatt.devices[MIN].writes == []
