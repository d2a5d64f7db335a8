"""Remote control that the cloud does not let anybody read (reference 6.6)."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.growatt_energy._vendor.core.client.errors import (
    ApiError,
    MaintenanceError,
    TransportError,
)
from custom_components.growatt_energy._vendor.core.control.driver import Settings
from custom_components.growatt_energy._vendor.core.control.intent import (
    ForceCharge,
    Hold,
    SelfUse,
)
from custom_components.growatt_energy._vendor.core.control.outcome import Refusal
from custom_components.growatt_energy.control_min.min_driver import MinDriver

from .fakes import NOW, Inverter, driver_of

HALF_HOUR = NOW + timedelta(minutes=30)


async def carry_out(driver: MinDriver, intent: Any, base: Settings) -> Any:
    """Send what an intent takes, and return its plan."""
    plan = driver.plan(intent, base, NOW)
    changes = {k: v for k, v in plan.target.items() if base.values.get(k) != v}
    for step in driver.steps(changes, base):
        await driver.apply(step, base, {})
    return plan


PASSING = [
    TransportError("busy", code="1", reason="vendor_busy"),
    TransportError("HTTP 500", code="500"),
    MaintenanceError("HTTP 503", code="503"),
]


@pytest.mark.parametrize("error", PASSING[:2])
async def test_what_never_answers_does_not_block_the_settings(error: ApiError) -> None:
    inverter = Inverter()
    inverter.refuses = error
    driver = driver_of(inverter)
    for _ in range(2):
        with pytest.raises(ApiError):
            await driver.read()
    plan = driver.plan(ForceCharge(until=HALF_HOUR), await driver.read(), NOW)
    assert "time_segment1" in plan.target
    await driver.fetch()
    assert inverter.asked == [1] * 4
    inverter.refuses = None
    await driver.read()
    assert driver.remote
    inverter.refuses = error
    with pytest.raises(ApiError):  # counted anew
        await driver.read()


@pytest.mark.parametrize("error", PASSING)
async def test_settings_are_written_while_remote_control_cannot_be_read(
    error: ApiError,
) -> None:
    inverter = Inverter()
    driver = driver_of(inverter)
    await driver.read()
    inverter.refuses = error
    for _ in range(2):
        with pytest.raises(ApiError):
            await driver.read()
    base = await driver.read()
    assert base.assumed >= {"vpp.enabled", "vpp.power"}
    assert "discharge_power" not in base.assumed
    for intent in (ForceCharge(until=HALF_HOUR), Hold(until=HALF_HOUR)):
        with pytest.raises(Refusal) as caught:
            driver.plan(intent, base, NOW)
        assert caught.value.key == "remote_unread"


async def test_what_was_told_is_always_read_back() -> None:
    """Also its end: nobody may take for granted that remote control is off."""
    inverter = Inverter()
    driver = driver_of(inverter)
    base = await driver.read()
    plan = await carry_out(driver, ForceCharge(until=HALF_HOUR), base)
    inverter.refuses = TransportError("busy")
    for _ in range(5):
        with pytest.raises(TransportError):
            await driver.read()
    inverter.refuses = None
    now = await driver.read()
    assert now.shows(plan.target)
    inverter.clock.passed += 40 * 60
    await carry_out(driver, SelfUse(), now)
    inverter.refuses = TransportError("busy")
    for _ in range(5):
        with pytest.raises(TransportError):
            await driver.read()


async def test_a_device_that_is_offline_is_told_however_often() -> None:
    inverter = Inverter()
    inverter.refuses = MaintenanceError("offline", reason="offline")
    driver = driver_of(inverter)
    for _ in range(5):
        with pytest.raises(MaintenanceError):
            await driver.read()
