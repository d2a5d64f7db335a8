"""Settings of NOAH, storage and string inverters (reference sections 6.7, 6.8)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import time
from typing import Any

import pytest

from custom_components.growatt_energy._vendor.core.client.budget import Budget
from custom_components.growatt_energy._vendor.core.client.errors import (
    BadDataError,
    MaintenanceError,
    ThrottledError,
    UnsupportedError,
)
from custom_components.growatt_energy._vendor.core.control.driver import (
    Observation,
    Plan,
)
from custom_components.growatt_energy._vendor.core.control.intent import (
    Intent,
    Row,
    SetReserve,
    SetSchedule,
    SetValues,
)
from custom_components.growatt_energy._vendor.core.control.outcome import Refusal
from custom_components.growatt_energy.control_rest.inverter_driver import (
    InverterDriver,
)
from custom_components.growatt_energy.control_rest.noah_driver import NoahDriver
from custom_components.growatt_energy.control_rest.settings_driver import (
    SettingsDriver,
)
from custom_components.growatt_energy.control_rest.storage_driver import StorageDriver
from custom_components.growatt_energy.families import Family
from tests.core.fake_clock import FakeClock

from .mix import BERLIN, FRIDAY_NOON

type Raw = dict[str, Any]
NOAH = {
    "defaultPower": 200,
    "chargingSocHighLimit": 95,
    "chargingSocLowLimit": 10,
    "allowGridCharging": 0,
    "time1Start": "8:0",
    "time1End": "9:30",
    "time1Mode": 1,
    "time1Power": 100,
    "time1Enable": 1,
    "time2Start": "0:0",
    "time2End": "0:0",
    "time2Mode": 0,
    "time2Power": 0,
    "time2Enable": 0,
    "time3Start": "11:187",
}
STORAGE = {
    "storage_ac_charge_enable_disenable": "1",
    "storage_ac_charge_hour_start": "1_5_5_30",
    "storage_ac_charge_soc_limit": "70",
    "storage_cmd_on_off": "0001",
}


class Desk:
    """Stands for the setter."""

    vpp = False

    def __init__(self, *, padded: bool = False, live: Raw | None = None) -> None:
        self.padded, self.live = padded, live
        self.sent: list[Any] = []
        self.error: Exception | None = None

    def admit(self, family: str, what: str = "set") -> None:
        """Let everything through."""

    async def set(
        self, family: str, serial: str, type_: str, params: Sequence[str]
    ) -> None:
        self.sent.append((type_, list(params)))

    async def set_on(self, family: str, serial: str, *, on: bool) -> None:
        self.sent.append(("on", on))

    async def set_power(self, family: str, serial: str, percent: int) -> None:
        self.sent.append(("power", percent))

    async def set_noah(self, serial: str, what: str, **params: Any) -> None:
        self.sent.append((what, params))

    async def read_named(self, family: str, serial: str, name: str) -> str:
        if self.error is not None:
            raise self.error
        if self.live is None:
            raise UnsupportedError("the settings have it")
        return str(self.live[name])

    async def read_power(self, family: str, serial: str) -> int | None:
        return int(await self.read_named(family, serial, "pv_active_p_rate"))


async def nothing() -> Raw:
    return {}


def shared(fetch: Callable[[], Any]) -> Raw:
    clock = FakeClock(auto=True)
    return {
        "fetch": fetch,
        "on_read": lambda raw, at: None,
        "observe": Observation,
        "zone": BERLIN,
        "clock": clock,
        "budget": Budget(clock=clock),
    }


def noah(raw: Mapping[str, Any] = NOAH, **options: Any) -> tuple[NoahDriver, Desk]:
    async def fetch() -> Raw:
        return dict(raw)

    desk = Desk(padded=options.pop("padded", False))
    return NoahDriver("NOAH1", desk, **shared(fetch), **options), desk


async def give(driver: SettingsDriver, intent: Intent) -> Plan:
    settings = await driver.read()
    plan = driver.plan(intent, settings, FRIDAY_NOON)
    changes = {k: v for k, v in plan.target.items() if settings.values.get(k) != v}
    for step in driver.steps(changes, settings):
        await driver.apply(step, settings, {})
    return plan


def edit(**changes: Any) -> SetValues:
    return SetValues(edits=(lambda _: changes,))


async def test_segments_are_read_and_garbage_is_unknown() -> None:
    driver, _ = noah()
    values = (await driver.read()).values
    assert values["segment1"] == "08:00-09:30 battery_first 100 on"
    assert values["segment2"] == "00:00-00:00 load_first 0 off"
    assert "segment3" not in values


async def test_a_schedule_keeps_what_is_there_and_replaces_its_modes() -> None:
    driver, desk = noah()
    rows = (
        Row(start=time(8), end=time(9, 30), mode="battery_first", power=100.0),
        Row(start=time(22), end=time(6), mode="smart", power=300.0),
    )
    with pytest.raises(Refusal, match="rows_too_many"):
        await give(driver, SetSchedule(rows=rows, switches={}))
    await give(driver, SetSchedule(rows=(rows[0],), switches={}))
    assert desk.sent == []
    later = Row(start=time(22), end=time(23), mode="smart", power=300.0)
    await give(driver, SetSchedule(rows=(later,), switches={}))
    assert desk.sent == [
        (
            "time_segment",
            {
                "number": 2,
                "start": "22:00",
                "end": "23:00",
                "mode": 2,
                "power": 300,
                "enabled": True,
            },
        )
    ]


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ({"mode": "fast"}, "unknown_mode"),
        ({"soc": 50.0}, "no_soc_setting"),
        ({"power": None}, "power_required"),
        ({"power": 801.0}, "power_range"),
        ({"days": (1,)}, "no_weekdays"),
        ({"end": time(9)}, "empty_window"),
        ({"start": time(9, 0, 30)}, "whole_minutes"),
        ({"mode": "smart"}, "rows_overlap"),
    ],
)
async def test_a_row_that_cannot_be_is_refused(row: Raw, key: str) -> None:
    driver, _ = noah()
    usual = {
        "start": time(9),
        "end": time(10),
        "mode": "battery_first",
        "power": 100.0,
    }
    intent = SetSchedule(rows=(Row(**{**usual, **row}),), switches={})
    with pytest.raises(Refusal, match=key):
        await give(driver, intent)


async def test_the_app_sends_both_limits_and_a_token_only_one() -> None:
    driver, desk = noah()
    await give(driver, SetReserve(soc=20))
    assert desk.sent == [("charging_soc", {"high": None, "low": 20})]
    driver, desk = noah(padded=True)
    await give(driver, SetReserve(soc=20))
    assert desk.sent == [("charging_soc", {"high": 95, "low": 20})]


async def test_a_limit_that_is_unknown_is_never_made_up() -> None:
    raw = {**NOAH, "chargingSocHighLimit": "null"}
    driver, desk = noah(raw, padded=True)
    with pytest.raises(Refusal, match="group_unknown"):
        await give(driver, SetReserve(soc=20))
    assert desk.sent == []


async def test_a_nexas_mode_goes_with_its_power_and_is_never_made_up() -> None:
    """With a login; a token sets the power alone (6.7)."""
    power = SetValues(edits=(lambda _: {"output_power": 950},))
    raw = {**NOAH, "defaultMode": 2}
    driver, desk = noah(raw, padded=True, nexa=lambda: True)
    await give(driver, power)
    assert desk.sent == [("output_power", {"watts": 950, "mode": 2, "nexa": True})]
    driver, desk = noah(NOAH, padded=True, nexa=lambda: True)
    with pytest.raises(Refusal, match="group_unknown"):
        await give(driver, power)
    await give(driver, SetReserve(soc=20))
    assert desk.sent == [("charging_soc", {"high": 95, "low": 20, "nexa": True})]
    driver, desk = noah(NOAH, nexa=lambda: True)
    await give(driver, power)
    assert desk.sent == [("output_power", {"watts": 950})]


async def test_what_may_not_be_asked_stands_until_it_was_changed() -> None:
    """Segments can be read every five minutes only (5.2)."""
    throttled = False
    app = {"defaultPower": 300}

    async def fetch() -> Raw:
        if throttled:
            raise ThrottledError("too soon")
        return dict(NOAH)

    async def fetch_app() -> Raw:
        return app

    desk = Desk()
    driver = NoahDriver("NOAH1", desk, fetch_app=fetch_app, **shared(fetch))
    settings = await driver.read()
    throttled = True
    app["defaultPower"] = 400
    values = (await driver.read()).values
    assert values["output_power"] == 400
    assert values["segment1"] == settings.values["segment1"]
    (step,) = driver.steps({"grid_charging": True}, settings)
    await driver.apply(step, settings, {})
    with pytest.raises(ThrottledError):
        await driver.read()
    throttled = False
    await driver.read()


async def test_storage_is_asked_itself() -> None:
    desk = Desk(live=STORAGE)
    driver = StorageDriver("KHM1", desk, **shared(nothing))
    assert (await driver.read()).values == {
        "ac_charge": True,
        "ac_charge_start": "01:05",
        "ac_charge_end": "05:30",
        "ac_charge_soc": 70,
        "power_on": True,
    }
    await give(driver, edit(ac_charge_end="06:00", ac_charge=False, clock=True))
    *others, (clock, (text,)) = desk.sent
    assert others == [
        ("storage_ac_charge_enable_disenable", ["0"]),
        ("storage_ac_charge_hour_start", ["1", "5", "6", "0"]),
    ]
    assert clock == "storage_cmd_sys_year"
    # The plant's time when it is sent: after two gaps of ten seconds
    assert text == "2026-11-20 13:00:20"


async def test_a_window_of_which_nothing_is_known_takes_both_times() -> None:
    live = {**STORAGE, "storage_ac_charge_hour_start": "soon"}
    driver = StorageDriver("KHM1", Desk(live=live), **shared(nothing))
    with pytest.raises(Refusal, match="group_unknown"):
        await give(driver, edit(ac_charge_end="06:00"))
    await give(driver, edit(ac_charge_start="01:00", ac_charge_end="06:00"))


async def test_an_inverter_is_asked_itself_where_it_can_be() -> None:
    async def page() -> Raw:
        return {"onOff": "1", "activeRate": "80"}

    desk = Desk(live={"pv_on_off": "0001", "pv_active_p_rate": "60"})
    driver = InverterDriver("INV1", desk, Family.INVERTER, **shared(page))
    assert (await driver.read()).values == {"power_on": True, "active_power_limit": 60}
    await give(driver, edit(power_on=False, active_power_limit=40))
    assert desk.sent == [("on", False), ("power", 40)]
    driver = InverterDriver("INV1", Desk(), Family.INVERTER, **shared(page))
    assert (await driver.read()).values == {"power_on": True, "active_power_limit": 80}
    assert not driver.live


async def test_a_document_without_settings_is_no_answer() -> None:
    driver = InverterDriver("INV1", Desk(), Family.MAX, **shared(nothing))
    with pytest.raises(BadDataError):
        await driver.read()


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("soon", "unknown_setting"),
        ("10:00-09:00 smart 100 on", "end_before_start"),
        ("10:00-11:00 smart 900 on", "power_range"),
        ("10:00-25:00 smart 100 on", "unknown_setting"),
        ("10:00-11:00 fast 100 on", "unknown_setting"),
        ("09:00-11:00 smart 100 on", "rows_overlap"),
    ],
)
async def test_a_segment_that_cannot_be_is_refused(value: str, key: str) -> None:
    driver, desk = noah()
    with pytest.raises(Refusal, match=key):
        await give(driver, edit(segment2=value))
    assert desk.sent == []


async def test_a_segment_that_goes_makes_room_first() -> None:
    driver, desk = noah()
    await give(
        driver,
        edit(
            segment2="08:30-09:30 smart 100 on",
            segment1="08:00-09:30 battery_first 100 off",
        ),
    )
    assert [params["number"] for _, params in desk.sent] == [1, 2]


async def test_a_schedule_ends_modes_and_knows_no_switches() -> None:
    driver, desk = noah()
    await give(
        driver, SetSchedule(rows=(), clear=frozenset({"battery_first"}), switches={})
    )
    ((_, params),) = desk.sent
    assert (params["number"], params["enabled"]) == (1, False)
    with pytest.raises(Refusal, match="unknown_switch"):
        await give(driver, SetSchedule(rows=(), switches={"ac_charge": True}))


async def test_power_and_grid_charging_of_a_noah_are_set_by_name() -> None:
    driver, desk = noah()
    await give(driver, edit(output_power=300, grid_charging=True))
    assert desk.sent == [
        ("output_power", {"watts": 300}),
        ("grid_charge", {"on": True}),
    ]
    with pytest.raises(Refusal, match="power_range"):
        await give(driver, edit(output_power=801))
    with pytest.raises(Refusal, match="unknown_setting"):
        await give(driver, edit(clock=True))


async def test_a_reserve_without_its_setting_is_refused() -> None:
    driver, _ = noah({"defaultPower": 200})
    with pytest.raises(Refusal, match="unknown_setting"):
        await give(driver, SetReserve(soc=20))


@pytest.mark.parametrize("make", ["copy", "no copy"])
async def test_an_inverter_that_is_offline_shows_the_copy_of_the_cloud(
    make: str,
) -> None:
    """What is written must still be read from the inverter itself."""

    async def fetch() -> Raw:
        return {"onOff": 1, "activeRate": 60} if make == "copy" else {"status": 1}

    desk = Desk(live={})
    desk.error = MaintenanceError("offline", reason="offline")
    driver = InverterDriver("INV1", desk, Family.MAX, **shared(fetch))
    with pytest.raises(MaintenanceError):
        await driver.read()
    if make == "copy":
        values = driver.decode(await driver.fetch(), FRIDAY_NOON).values
        assert values == {"power_on": True, "active_power_limit": 60}
        assert driver.live
    else:
        with pytest.raises(MaintenanceError):
            await driver.fetch()
