"""What both schedule stores accept (alphaess.md 3.6 to 3.9)."""

from datetime import timedelta
from typing import Any

import pytest

from simulator.clock import ManualClock

from .alphaess_client import (
    CHARGE_BODY,
    DISCHARGE_BODY,
    HOME_1,
    HOME_2,
    Client,
    period,
    periodic_body,
)

LEGACY = [
    ("updateChargeConfigInfo", "getChargeConfigInfo", CHARGE_BODY),
    ("updateDisChargeConfigInfo", "getDisChargeConfigInfo", DISCHARGE_BODY),
]
PERIODIC = "setTimeChargeBySn"


async def test_legacy_defaults(api: Client) -> None:
    assert (await api.get("getChargeConfigInfo", sysSn=HOME_1)).data == {
        "gridCharge": 0,
        "timeChaf1": "01:00",
        "timeChae1": "05:00",
        "timeChaf2": "00:00",
        "timeChae2": "00:00",
        "batHighCap": 100,
    }
    assert (await api.get("getDisChargeConfigInfo", sysSn=HOME_1)).data == {
        "ctrDis": 0,
        "timeDisf1": "00:00",
        "timeDise1": "00:00",
        "timeDisf2": "00:00",
        "timeDise2": "00:00",
        "batUseCap": 10,
    }


@pytest.mark.parametrize(("update", "read", "body"), LEGACY)
async def test_legacy_write_and_read_back(
    api: Client, update: str, read: str, body: dict[str, Any]
) -> None:
    answer = await api.post(update, body | {"somethingElse": 1})
    assert answer.body == {
        "code": 200,
        "msg": "Success",
        "expMsg": None,
        "data": None,
        "extra": None,
    }
    data = (await api.get(read, sysSn=HOME_1)).data
    assert data | {"sysSn": HOME_1} == body


@pytest.mark.parametrize(("update", "read", "body"), LEGACY)
async def test_legacy_needs_every_field(
    api: Client, update: str, read: str, body: dict[str, Any]
) -> None:
    before = (await api.get(read, sysSn=HOME_1)).data
    for name in body:
        without = {key: value for key, value in body.items() if key != name}
        assert (await api.post(update, without)).code == 10001, name
        assert (await api.post(update, body | {name: None})).code == 10001, name
    assert (await api.get(read, sysSn=HOME_1)).data == before


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("batHighCap", 101),
        ("batHighCap", -1),
        ("batHighCap", "NaN"),
        ("batHighCap", True),
        ("batHighCap", [90]),
        ("gridCharge", 2),
        ("gridCharge", "on"),
        ("timeChaf1", "24:00"),
        ("timeChaf1", "1:00"),
        ("timeChae2", "01:60"),
        ("timeChae2", 100),
    ],
)
async def test_legacy_values_are_checked(api: Client, field: str, wrong: Any) -> None:
    answer = await api.post("updateChargeConfigInfo", CHARGE_BODY | {field: wrong})
    assert (answer.code, answer.body["expMsg"]) == (6001, field)


async def test_legacy_numbers_may_be_strings(api: Client) -> None:
    body = CHARGE_BODY | {"batHighCap": "95", "gridCharge": "1"}
    assert (await api.post("updateChargeConfigInfo", body)).code == 200
    data = (await api.get("getChargeConfigInfo", sysSn=HOME_1)).data
    assert (data["batHighCap"], data["gridCharge"]) == (95, 1)


@pytest.mark.parametrize("cap", [0, 5, 100])
async def test_legacy_cut_off_below_ten(api: Client, cap: int) -> None:
    body = DISCHARGE_BODY | {"batUseCap": cap}
    assert (await api.post("updateDisChargeConfigInfo", body)).code == 200


async def test_off_grid_times_are_accepted_and_flagged(
    api: Client, clock: ManualClock
) -> None:
    body = CHARGE_BODY | {"timeChaf1": "01:07", "timeChae2": "03:00"}
    assert (await api.post("updateChargeConfigInfo", body)).code == 200
    data = (await api.get("getChargeConfigInfo", sysSn=HOME_1)).data
    assert data["timeChaf1"] == "01:07"
    document = await side_door(api)
    assert document["systems"][HOME_1]["ignored_by_device"] == [
        "timeChaf1 01:07 - timeChae1 05:00"
    ]


async def side_door(api: Client) -> Any:
    async with api.session.get(f"{api.sim.control_url}/alphaess") as response:
        return await response.json()


async def test_periodic_read(api: Client) -> None:
    data = (await api.get("getTimeChargeBySn", sysSn=HOME_2)).data
    assert data["sysSn"] == HOME_2
    assert data["executeCycleType"] == 1
    assert data["chargeTimeList"] == [
        {
            "executeCycleType": 1,
            "strategyType": 0,
            "beginTime": "02:00",
            "endTime": "05:00",
            "weeks": [6, 5, 4, 3, 2, 1, 7],
            "sort": 1,
            "chargePower": 10_000,
            "chargeLimit": 90.0,
        }
    ]
    assert data["dischargeTimeList"][0]["strategyType"] == 1


async def test_periodic_flags_always_read_zero(api: Client) -> None:
    assert (await api.post(PERIODIC, periodic_body(ctrDisCycle=1))).code == 200
    data = (await api.get("getTimeChargeBySn", sysSn=HOME_2)).data
    assert (data["gridChargeCycle"], data["ctrDisCycle"]) == (0, 0)
    stored = api.sim.systems[HOME_2].periodic.stored
    assert (stored["gridChargeCycle"], stored["ctrDisCycle"]) == (1, 1)
    assert data["chargeTimeList"][0]["weeks"] == [1, 2, 3, 4, 5, 6, 7]


async def test_periodic_may_be_written_as_it_was_read(api: Client) -> None:
    data = (await api.get("getTimeChargeBySn", sysSn=HOME_2)).data
    assert (await api.post(PERIODIC, data)).code == 200
    assert (await api.get("getTimeChargeBySn", sysSn=HOME_2)).data == data


@pytest.mark.parametrize("name", ["sysSn", "executeCycleType", "chargeTimeList"])
async def test_periodic_required_fields(api: Client, name: str) -> None:
    body = periodic_body()
    del body[name]
    assert (await api.post(PERIODIC, body)).code == 10001


@pytest.mark.parametrize("name", ["beginTime", "endTime", "chargeLimit", "weeks"])
async def test_periodic_required_fields_of_a_period(api: Client, name: str) -> None:
    broken = period("02:00", "05:00")
    del broken[name]
    answer = await api.post(PERIODIC, periodic_body(chargeTimeList=[broken]))
    assert answer.code == 10001
    daily = periodic_body(chargeTimeList=[broken], executeCycleType=0)
    assert (await api.post(PERIODIC, daily)).code == (200 if name == "weeks" else 10001)


@pytest.mark.parametrize("name", ["gridChargeCycle", "ctrDisCycle"])
async def test_periodic_optional_flags(api: Client, name: str) -> None:
    body = periodic_body(gridChargeCycle=1, ctrDisCycle=1)
    del body[name]
    assert (await api.post(PERIODIC, body)).code == 200
    assert api.sim.systems[HOME_2].periodic.stored[name] == 0


@pytest.mark.parametrize("name", ["chargeTimeList", "dischargeTimeList"])
async def test_periodic_lists_may_not_be_empty(api: Client, name: str) -> None:
    answer = await api.post(PERIODIC, periodic_body(**{name: []}))
    assert (answer.code, answer.body["expMsg"]) == (6001, "time list is null")
    assert (await api.post(PERIODIC, periodic_body(**{name: {}}))).code == 10001


@pytest.mark.parametrize(
    "changes",
    [
        {"chargeLimit": 9},
        {"chargeLimit": 101},
        {"chargeLimit": "full"},
        {"weeks": []},
        {"weeks": [0, 1]},
        {"weeks": [8]},
        {"weeks": "1234567"},
        {"beginTime": "2:00"},
        {"endTime": "24:00"},
        {"chargePower": "much"},
    ],
    ids=str,
)
async def test_periodic_values_are_checked(
    api: Client, changes: dict[str, Any]
) -> None:
    wrong = period("02:00", "05:00", **changes)
    answer = await api.post(PERIODIC, periodic_body(chargeTimeList=[wrong]))
    assert answer.code == 6001


@pytest.mark.parametrize(
    "changes", [{"executeCycleType": 2}, {"gridChargeCycle": 2}, {"ctrDisCycle": "on"}]
)
async def test_periodic_switches_are_checked(
    api: Client, changes: dict[str, Any]
) -> None:
    assert (await api.post(PERIODIC, periodic_body(**changes))).code == 6001


async def test_number_of_periods(api: Client, clock: ManualClock) -> None:
    def hours(count: int, weeks: list[int]) -> list[dict[str, Any]]:
        return [period(f"{h:02d}:00", f"{h:02d}:30", weeks=weeks) for h in range(count)]

    discharge = [period("17:00", "21:30", chargeLimit=15, weeks=[7])]

    async def code(charge: list[dict[str, Any]]) -> int:
        body = periodic_body(chargeTimeList=charge, dischargeTimeList=discharge)
        clock.advance(30)
        return (await api.post(PERIODIC, body)).code

    assert await code(hours(6, [1])) == 200
    assert await code(hours(7, [1])) == 6001
    assert await code(hours(5, [7])) == 200
    assert await code(hours(6, [7])) == 6001
    assert await code(hours(5, [1, 2, 3, 4, 5])) == 200
    assert await code(hours(6, [1, 2, 3, 4, 5])) == 6001


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (period("04:45", "06:00"), 6008),
        (period("01:00", "06:00"), 6008),
        (period("03:00", "04:00"), 6008),
        (period("05:00", "06:00"), 200),
        (period("04:45", "06:00", weeks=[6, 7]), 200),
    ],
)
async def test_charge_and_discharge_may_not_overlap(
    api: Client, other: dict[str, Any], code: int
) -> None:
    charge = [period("02:00", "05:00", weeks=[1, 2, 3, 4, 5])]
    body = periodic_body(chargeTimeList=charge, dischargeTimeList=[other])
    assert (await api.post(PERIODIC, body)).code == code


async def test_entitlement(api: Client) -> None:
    assert (await api.get("getTimeChargeBySn", sysSn=HOME_1)).code == 6017
    system = api.sim.systems[HOME_2]
    system.periodic_write = False
    assert (await api.get("getTimeChargeBySn", sysSn=HOME_2)).code == 200
    assert (await api.post(PERIODIC, periodic_body())).code == 6017
    system.periodic_read = False
    assert (await api.get("getTimeChargeBySn", sysSn=HOME_2)).code == 6017


async def test_writes_without_grid_are_refused(api: Client) -> None:
    for serial in (HOME_1, HOME_2):
        api.sim.houses[serial].override(grid=False)
    charge = "updateChargeConfigInfo"
    assert (await api.post(charge, CHARGE_BODY)).code == 6008
    assert (await api.post(PERIODIC, periodic_body())).code == 6008
    api.sim.systems[HOME_1].refuses_off_grid = False
    assert (await api.post(charge, CHARGE_BODY)).code == 200


async def test_writes_to_a_system_that_is_offline(api: Client) -> None:
    api.sim.systems[HOME_1].online = False
    for update, read, body in LEGACY:
        assert (await api.post(update, body)).code == 6042
        assert (await api.get(read, sysSn=HOME_1)).code == 200


async def test_read_back_is_delayed(api: Client, clock: ManualClock) -> None:
    api.sim.systems[HOME_1].readback_delay = 10

    async def flag() -> int:
        data = (await api.get("getChargeConfigInfo", sysSn=HOME_1)).data
        return int(data["gridCharge"])

    await api.post("updateChargeConfigInfo", CHARGE_BODY)
    clock.advance(9)
    assert await flag() == 0
    clock.advance(1)
    assert await flag() == 1


async def test_writes_that_are_not_stored(api: Client, clock: ManualClock) -> None:
    api.sim.systems[HOME_1].stores_writes = False
    assert (await api.post("updateChargeConfigInfo", CHARGE_BODY)).code == 200
    clock.advance(timedelta(hours=1).total_seconds())
    data = (await api.get("getChargeConfigInfo", sysSn=HOME_1)).data
    assert data["gridCharge"] == 0


async def test_somebody_uses_the_app(api: Client) -> None:
    system = api.sim.systems[HOME_1]
    system.write_as_app(system.charge, batHighCap=80)
    data = (await api.get("getChargeConfigInfo", sysSn=HOME_1)).data
    assert (data["batHighCap"], data["timeChaf1"]) == (80, "01:00")
