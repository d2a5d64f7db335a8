"""What can be written, with what, and what is refused (sonnen.md section 6)."""

import json
from typing import Any

import pytest

from simulator.sonnen import SonnenBattery

from .sonnen_client import MODE, RESERVE, SCHEDULE, UNAUTHORIZED, Wire, window


async def test_form_and_json_are_the_same(wire: Wire, battery: SonnenBattery) -> None:
    for value, write in (("25", wire.put), ("30", None)):
        answer = await (
            write(EM_USOC=value) if write else wire.put_json({RESERVE: value})
        )
        assert (answer.status, answer.body) == (200, {RESERVE: value})
        assert battery.settings[RESERVE].stored == value
        assert (await wire.read("configurations"))[RESERVE] == value


async def test_only_what_is_sent_changes(wire: Wire, battery: SonnenBattery) -> None:
    before = battery.stored
    await wire.write(EM_USOC="33", EM_Prognosis_Charging="1")
    changed = {
        key: value for key, value in battery.stored.items() if before[key] != value
    }
    assert changed == {RESERVE: "33", "EM_Prognosis_Charging": "1"}


async def test_old_texts_answer_a_write_with_true(
    wire: Wire, battery: SonnenBattery
) -> None:
    battery.put_answer, battery.set_point_status = "true", 200
    assert (await wire.put(EM_USOC="25")).body is True
    assert (await wire.post("charge", 5)).status == 200


@pytest.mark.parametrize("direction", ["charge", "discharge"])
async def test_a_set_point_is_created(
    wire: Wire, battery: SonnenBattery, direction: str
) -> None:
    answer = await wire.post(direction, 999)
    assert (answer.status, answer.body) == (201, True)
    assert battery.set_points.stored[direction] == 999


@pytest.mark.parametrize("watts", ["-1", "1.5", "x", "1000000000", "%C2%B2"])
async def test_what_is_no_power_is_refused(
    wire: Wire, battery: SonnenBattery, watts: str
) -> None:
    answer = await wire.post("charge", watts)
    assert (answer.status, answer.body) == (400, {"error": "invalid parameters"})
    assert battery.writes == []


async def test_false_means_not_taken(wire: Wire, battery: SonnenBattery) -> None:
    battery.set_point_body = False
    answer = await wire.post("charge", 500)
    assert (answer.status, answer.body) == (201, False)
    assert battery.stored["charge"] == 0
    assert battery.writes == []


async def test_the_write_switch_is_not_the_read_switch(
    wire: Wire, battery: SonnenBattery
) -> None:
    battery.write_api = False
    for answer in (await wire.put(EM_USOC="25"), await wire.post("charge", 5)):
        assert (answer.status, answer.body) == (401, UNAUTHORIZED)
    assert (await wire.get("configurations")).status == 200
    battery.write_api, battery.read_api = True, False
    assert (await wire.put(EM_USOC="25")).status == 200


async def test_the_power_plant_has_priority(wire: Wire, battery: SonnenBattery) -> None:
    battery.vpp_active = True
    answer = await wire.post("charge", 500)
    assert (answer.status, answer.body) == (403, {"error": "VPP has priority"})
    answer = await wire.put(EM_OperatingMode="1")
    assert (answer.status, answer.text) == (403, "")
    assert battery.writes == battery.effects == []
    assert (await wire.put(EM_USOC="25")).status == 200


@pytest.mark.parametrize(
    "key", ["IC_InverterMaxPower_w", "EM_Nothing", "EM_CHP_Min_SOC"]
)
async def test_a_key_that_cannot_be_written_is_forbidden_without_a_word(
    wire: Wire, key: str
) -> None:
    answer = await wire.put(**{key: "5"})
    assert (answer.status, answer.text) == (403, "")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (RESERVE, "1"),
        (RESERVE, "4"),
        (RESERVE, "101"),
        (RESERVE, "-5"),
        (RESERVE, "20.5"),
        (MODE, "3"),
        (MODE, "manual"),
        ("EM_Prognosis_Charging", "2"),
        ("EM_USER_INPUT_TIME_ONE", "24:00"),
        ("SH_HeaterTemperatureMin", "warm"),
    ],
)
async def test_a_value_that_does_not_pass_changes_nothing(
    wire: Wire, battery: SonnenBattery, key: str, value: str
) -> None:
    before = battery.stored
    answer = await wire.put(**{"EM_RE_ENABLE_MICROGRID": "0", key: value})
    assert answer.status == 400
    assert answer.body["error"] == "validation failed"
    assert list(answer.body["details"]) == [key]
    assert battery.stored == before
    assert battery.writes == []


@pytest.mark.parametrize("value", ["0", "5", "100"])
async def test_the_whole_range_of_the_reserve(wire: Wire, value: str) -> None:
    assert (await wire.put(EM_USOC=value)).body == {RESERVE: value}


async def test_a_mode_that_is_the_vendors_own_may_be_refused(
    wire: Wire, battery: SonnenBattery
) -> None:
    await wire.write(EM_OperatingMode="11")
    battery.modes = ("1", "2", "10")
    assert (await wire.put(EM_OperatingMode="11")).status == 400


@pytest.mark.parametrize(
    "document", [[], {}, "x", {RESERVE: None}, {RESERVE: True}, {SCHEDULE: []}]
)
async def test_a_body_without_values_is_refused(wire: Wire, document: Any) -> None:
    answer = await wire.put_json(document)
    assert (answer.status, answer.body) == (400, {"error": "invalid parameters"})


async def test_a_firmware_may_know_one_encoding_only(
    wire: Wire, battery: SonnenBattery
) -> None:
    battery.put_body = "form"
    assert (await wire.put_json({RESERVE: "25"})).status == 400
    assert (await wire.put(EM_USOC="25")).status == 200


# The schedule


@pytest.mark.parametrize(
    ("windows", "reason"),
    [
        ([window("02:00", "05:00", 46001)], "invalid threshold"),
        ([window("02:00", "05:00", -1)], "invalid threshold"),
        ([{"start": "02:00", "stop": "05:00"}], "invalid threshold"),
        (
            [{**window("02:00", "05:00", 0), "threshold_p_max": "8000"}],
            "invalid threshold",
        ),
        (
            [{**window("02:00", "05:00", 0), "threshold_p_max": True}],
            "invalid threshold",
        ),
        (
            [window("02:00", "05:00", 0), window("04:59", "06:00", 0)],
            "ToU windows overlap",
        ),
        (
            [window("22:00", "00:00", 0), window("23:00", "23:30", 0)],
            "ToU windows overlap",
        ),
        ([window("22:00", "24:00", 0)], "invalid time"),
        ([1], "invalid schedule"),
    ],
)
async def test_a_schedule_that_does_not_pass(
    wire: Wire, battery: SonnenBattery, windows: list[Any], reason: str
) -> None:
    answer = await wire.schedule(*windows)
    assert answer.status == 400
    assert answer.body["details"] == {SCHEDULE: reason}
    assert battery.settings[SCHEDULE].stored == "[]"


@pytest.mark.parametrize(
    "windows",
    [
        [],
        [window("02:00", "05:00", 46000)],
        [window("05:00", "06:30", 0), window("02:00", "05:00", 8000.5)],
        [window("22:00", "00:00", 0), window("00:00", "06:00", 0)],
        [window("22:00", "06:00", 0)],
    ],
)
async def test_a_schedule_that_passes_is_kept_as_text(
    wire: Wire, battery: SonnenBattery, windows: list[Any]
) -> None:
    assert (await wire.schedule(*windows)).status == 200
    assert (await wire.read("configurations"))[SCHEDULE] == json.dumps(windows)
    ignored = [entry for entry in windows if entry == window("22:00", "06:00", 0)]
    url = f"{battery.url}/_sim/sonnen"
    async with wire.session.get(url) as response:
        page = (await response.json())["systems"][battery.serial]
    assert page["ignored_by_device"] == ignored
