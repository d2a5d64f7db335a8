"""An EV charger's orders (reference sections 3.14 and 6.5)."""

from typing import Any

import pytest

from custom_components.goodwe_energy._vendor.core.client.errors import WriteRejected
from custom_components.goodwe_energy._vendor.core.control.driver import (
    Observation,
    Settings,
)
from custom_components.goodwe_energy._vendor.core.control.intent import SetValues
from custom_components.goodwe_energy._vendor.core.control.outcome import Refusal
from custom_components.goodwe_energy.control.charger_driver import ChargerDriver
from custom_components.goodwe_energy.control.controllee import Controllee
from tests.core.fake_clock import FakeClock

from .rig import Budget

# The reference's own example, with a car
DETAIL: dict[str, Any] = {
    "status": "standby",
    "workState": "prepare",
    "chargeMode": 0,
    "chargePower": 11.0,
    "chargePowerSetted": 7.0,
    "ratedMaxiChargePower": 11.0,
    "startStatus": False,
}


class Wallbox:
    """Fits `ChargerClient`; what it shows is `document`, from `later` on also ``new``."""

    def __init__(self, clock: FakeClock) -> None:
        """Begin in fast mode with a car."""
        self.document = dict(DETAIL)
        self.new: dict[str, Any] = {}
        self.shown_at: float | None = None
        self.reverts_at: float | None = None
        self.busy = 0
        self.said: list[Any] = []
        self._clock = clock

    def will_show(self, after: float, for_: float | None = None, **new: Any) -> None:
        now = self._clock.monotonic()
        self.new, self.shown_at = new, now + after
        self.reverts_at = None if for_ is None else now + after + for_

    async def charger(
        self, station: str, sn: str, model: str | None = None
    ) -> dict[str, Any]:
        now = self._clock.monotonic()
        shown = self.shown_at is not None and now >= self.shown_at
        if shown and not (self.reverts_at is not None and now >= self.reverts_at):
            return {**self.document, **self.new}
        return self.document

    def _said(self, *order: Any) -> None:
        if self.busy:
            self.busy -= 1
            raise WriteRejected("no", code="R0305", reason="device_busy")
        self.said.append(order)

    async def charger_mode(
        self,
        station: str,
        sn: str,
        mode: int,
        *,
        power: float | None = None,
        model: str | None = None,
    ) -> None:
        self._said("mode", mode, power)

    async def charger_start(
        self, station: str, sn: str, *, model: str | None = None
    ) -> None:
        self._said("start")

    async def charger_stop(
        self, station: str, sn: str, *, model: str | None = None
    ) -> None:
        self._said("stop")


@pytest.fixture
def clock() -> FakeClock:
    """One that goes by itself."""
    return FakeClock(auto=True)


@pytest.fixture
def wallbox(clock: FakeClock) -> Wallbox:
    """One with a car."""
    return Wallbox(clock)


@pytest.fixture
def driver(wallbox: Wallbox, clock: FakeClock) -> ChargerDriver:
    """Its driver."""
    what = Controllee(
        serial="EV1", name="Wallbox", type="EV_CHARGER", station_id="S", model="GW11K"
    )
    return ChargerDriver(
        what,
        wallbox,
        clock=clock,
        budget=Budget(),
        admit=lambda requests: None,
        observe=Observation,
        on_read=lambda raw, at: None,
    )


async def test_what_no_car_takes_is_no_power_to_charge_fast_with(
    driver: ChargerDriver, wallbox: Wallbox
) -> None:
    base = await driver.read()
    for shown in (0, 0.3):
        wallbox.document |= {"chargeMode": 1, "chargePowerSetted": shown}
        base = await driver.read()
    for step in driver.steps(_target(driver, base, charge_mode="fast"), base):
        await driver.apply(step, base, {})
    assert wallbox.said == [("mode", 0, 7.0)]


def _target(driver: ChargerDriver, base: Settings, **values: Any) -> dict[str, Any]:
    intent = SetValues(edits=(lambda _: values,))
    return dict(driver.plan(intent, base, base.observed_at).target)


async def _tell(driver: ChargerDriver, **values: Any) -> None:
    base = await driver.read()
    for step in driver.steps(_target(driver, base, **values), base):
        await driver.apply(step, base, {})


async def test_what_it_is_set_to_is_read(driver: ChargerDriver) -> None:
    settings = await driver.read()
    assert settings.values == {
        "charging": False,
        "charge_mode": "fast",
        "charge_power": 7.0,
    }
    assert driver.power.high == 11.0


@pytest.mark.parametrize(
    "spelling",
    [
        {"statusCode": "charging", "carState": "finish", "workMode": "2"},
        {"chargeStatus": "EVDetail_Status_Title_Charging", "mode": 2.0},
    ],
)
def test_other_spellings_are_the_same(
    driver: ChargerDriver, clock: FakeClock, spelling: dict[str, Any]
) -> None:
    raw = {"status": None, "chargeMaxPower": "6.0", **spelling}
    assert driver.decode(raw, clock.now()).values == {
        "charging": True,
        "charge_mode": "pv_battery",
        "charge_power": 6.0,
    }


@pytest.mark.parametrize("odd", [{}, {"status": "offline"}, {"status": 7}, None])
def test_one_that_does_not_answer_is_unknown(
    driver: ChargerDriver, clock: FakeClock, odd: Any
) -> None:
    assert driver.decode(odd, clock.now()).values == {}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"charging": True}, ("start",)),
        ({"charge_mode": "pv"}, ("mode", 1, None)),
        ({"charge_mode": "pv_battery"}, ("mode", 2, None)),
        ({"charge_power": 6.04}, ("mode", 0, 6.0)),
        ({"charge_mode": "fast", "charge_power": 5}, ("mode", 0, 5.0)),
    ],
)
async def test_orders_have_the_shape_that_is_heeded(
    driver: ChargerDriver, wallbox: Wallbox, values: dict[str, Any], said: Any
) -> None:
    await _tell(driver, **values)
    assert wallbox.said == [said]


async def test_fast_has_the_power_that_was_set(
    driver: ChargerDriver, wallbox: Wallbox
) -> None:
    wallbox.document["chargeMode"] = 1
    await _tell(driver, charge_mode="fast")
    assert wallbox.said == [("mode", 0, 7.0)]


@pytest.mark.parametrize(
    ("document", "values", "key"),
    [
        ({"chargeMode": 1}, {"charge_power": 5}, "needs_other"),
        ({}, {"charge_mode": "pv", "charge_power": 5}, "needs_other"),
        ({}, {"charge_power": 11.1}, "setting_range"),
        ({}, {"charge_mode": "slow"}, "unknown_setting"),
        ({}, {"currentLimit": 7}, "unknown_setting"),
        ({"workState": "available_gun_no_insered"}, {"charging": True}, "no_car"),
    ],
)
async def test_what_would_be_ignored_is_refused(
    driver: ChargerDriver,
    wallbox: Wallbox,
    document: dict[str, Any],
    values: dict[str, Any],
    key: str,
) -> None:
    wallbox.document |= document
    base = await driver.read()
    with pytest.raises(Refusal) as caught:
        _target(driver, base, **values)
    assert caught.value.key == key


async def test_a_change_is_told_once_two_readings_are_the_same(
    driver: ChargerDriver, wallbox: Wallbox, clock: FakeClock
) -> None:
    await _tell(driver, charge_mode="pv")
    wallbox.will_show(60, chargeMode=1)
    assert (await driver.read()).values["charge_mode"] == "fast"
    await clock.sleep(60)
    before = clock.monotonic()
    assert (await driver.read()).values["charge_mode"] == "pv"
    assert clock.monotonic() - before >= 10
    before = clock.monotonic()
    assert (await driver.read()).values["charge_mode"] == "pv"
    assert clock.monotonic() == before


async def test_what_falls_back_is_told_once_more_and_no_more(
    driver: ChargerDriver, wallbox: Wallbox, clock: FakeClock
) -> None:
    await _tell(driver, charge_mode="pv")
    wallbox.will_show(60, for_=5, chargeMode=1)
    await clock.sleep(60)
    assert "charge_mode" not in (await driver.read()).values
    for _ in range(4):
        await clock.sleep(30)
        assert (await driver.read()).values["charge_mode"] == "fast"
    assert wallbox.said == [("mode", 1, None)] * 2


@pytest.mark.parametrize(("busy", "told"), [(3, True), (4, False)])
async def test_a_busy_charger_is_asked_three_times_more(
    driver: ChargerDriver, wallbox: Wallbox, busy: int, told: bool
) -> None:
    wallbox.busy = busy
    if told:
        await _tell(driver, charging=True)
        assert wallbox.said == [("start",)]
    else:
        with pytest.raises(WriteRejected):
            await _tell(driver, charging=True)


async def test_an_order_that_never_showed_is_forgotten(
    driver: ChargerDriver, wallbox: Wallbox, clock: FakeClock
) -> None:
    await _tell(driver, charging=True)
    await clock.sleep(3600)
    await _tell(driver, charge_mode="pv")
    assert wallbox.said == [("start",), ("mode", 1, None)]


async def test_a_power_of_which_the_charger_makes_another_is_not_told_again(
    driver: ChargerDriver, wallbox: Wallbox, clock: FakeClock
) -> None:
    await _tell(driver, charge_power=6.5)
    wallbox.will_show(60, chargePowerSetted=6.0)
    await clock.sleep(120)
    assert (await driver.read()).values["charge_power"] == 6.0
    assert wallbox.said == [("mode", 0, 6.5)]


@pytest.mark.parametrize("known", [True, False])
async def test_fast_is_not_told_with_a_power_that_nobody_knows(
    driver: ChargerDriver, wallbox: Wallbox, *, known: bool
) -> None:
    wallbox.document["chargeMode"] = 1
    del wallbox.document["ratedMaxiChargePower"]
    if known:
        await driver.read()
    del wallbox.document["chargePowerSetted"]
    if known:
        await _tell(driver, charge_mode="fast")
        assert wallbox.said == [("mode", 0, 7.0)]
        return
    base = await driver.read()
    with pytest.raises(Refusal) as caught:
        _target(driver, base, charge_mode="fast")
    assert caught.value.placeholders["setting"] == "charge_power"
