"""Orders to a driver, and their way to the device."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.sungrow_energy._vendor.core.client.errors import TransportError
from custom_components.sungrow_energy._vendor.core.control.driver import Settings
from custom_components.sungrow_energy._vendor.core.control.intent import (
    ForceCharge,
    Intent,
    SetValues,
    Values,
)
from custom_components.sungrow_energy.control.catalogue import find
from custom_components.sungrow_energy.control.parameter import Parameter
from custom_components.sungrow_energy.control.sungrow_driver import SungrowDriver

from .rig import Rig


async def carry_out(rig: Rig, driver: SungrowDriver, intent: Intent) -> Settings:
    """Do what the manager does, in short; return what is read back."""
    before = await driver.read()
    plan = driver.plan(intent, before, rig.clock.now())
    changes = {k: v for k, v in plan.target.items() if before.values.get(k) != v}
    for step in driver.steps(changes, before):
        await driver.apply(step, before, plan.memo)
    return await driver.read()


def charge(rig: Rig, power: float | None = 2500.0) -> ForceCharge:
    return ForceCharge(until=rig.clock.now() + timedelta(hours=1), power=power)


def the_mode() -> Parameter:
    found = find("energy_management_mode")
    assert found is not None
    return found


def edits(**values: Any) -> SetValues:
    def edit(_: Values) -> Values:
        return values

    return SetValues(edits=(edit,))


def unreadable(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nothing be read any more once something was written."""
    ask = rig.api.submit_parameters

    async def submit(uuid: str, rows: Any, *, write: bool, expire_s: int) -> str:
        if rig.api.written and not write:
            raise TransportError("gone")
        return await ask(uuid, rows, write=write, expire_s=expire_s)

    monkeypatch.setattr(rig.api, "submit_parameters", submit)
