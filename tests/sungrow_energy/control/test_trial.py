"""What a trial of power leaves behind: nothing (reference 6.1)."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from custom_components.sungrow_energy._vendor.core.client.errors import (
    WriteRejected,
)
from custom_components.sungrow_energy._vendor.core.control.intent import (
    SetExportLimit,
)
from custom_components.sungrow_energy.control.catalogue import find
from custom_components.sungrow_energy.control.sungrow_driver import SungrowDriver
from simulator.sungrow.device import Device

from .orders import carry_out, unreadable
from .rig import Rig

LIMIT = 10013


async def _refused(rig: Rig, driver: SungrowDriver, power: float = 5000) -> str:
    with pytest.raises(WriteRejected) as info:
        await carry_out(rig, driver, SetExportLimit(power=power))
    return str(info.value.reason)


@pytest.mark.parametrize("restarted", [False, True], ids=["same_run", "restarted"])
async def test_a_trial_that_cannot_be_read_is_taken_back_with_the_next_look(
    monkeypatch: pytest.MonkeyPatch, restarted: bool
) -> None:
    rig = Rig()
    rig.device.write_as_app(p10012=170, p10013=8000)
    driver = rig.hybrid()
    with monkeypatch.context() as outage:
        unreadable(rig, outage)
        await _refused(rig, driver)
    assert rig.stored(LIMIT) == 499
    found = await (rig.hybrid() if restarted else driver).read()
    assert rig.stored(LIMIT) == 8000
    assert found.values["feed_in_limitation_value"] == 8000
    assert not any(key.endswith("/trial") for key in rig.notes)


async def test_what_others_set_after_a_lost_trial_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rig = Rig()
    rig.device.write_as_app(p10012=170, p10013=8000)
    driver = rig.hybrid()
    with monkeypatch.context() as outage:
        unreadable(rig, outage)
        await _refused(rig, driver)
    rig.device.write_as_app(p10013=7000)
    await driver.read()
    assert rig.stored(LIMIT) == 7000
    assert not any(key.endswith("/trial") for key in rig.notes)


async def test_nothing_is_put_back_where_nothing_has_changed() -> None:
    rig = Rig()
    rig.device.write_as_app(p10012=170, p10013=8000)
    rig.device.switches.executes = False
    driver = rig.hybrid()
    assert await _refused(rig, driver) == "scale_unknown"
    assert rig.api.written == [{"10013": "499"}]
    await rig.clock.sleep(300)
    await driver.read()
    assert not any(key.endswith("/trial") for key in rig.notes)


async def test_a_trial_that_comes_late_is_taken_back() -> None:
    rig = Rig()
    rig.device.write_as_app(p10012=170, p10013=8000)
    rig.device.switches.executes = False
    driver = rig.hybrid()
    await _refused(rig, driver)
    rig.device.switches.executes = True
    rig.device.write_as_app(p10013=499)
    await driver.read()
    assert rig.stored(LIMIT) == 8000


@pytest.mark.parametrize("raw", ["W", "0.01kW"])
async def test_a_trial_that_the_device_has_cut_is_put_back_by_its_likely_scale(
    monkeypatch: pytest.MonkeyPatch, raw: Any
) -> None:
    rig = Rig()
    rig.device.switches.power_raw = raw
    rig.device.write_as_app(p10012=170, p10013=8000)
    put = Device.put

    def cut(self: Device, changes: Mapping[int, int], **more: Any) -> None:
        first = len(rig.api.written) == 1 and LIMIT in changes
        less = {**changes, LIMIT: changes[LIMIT] * 7 // 10} if first else changes
        put(self, less, **more)

    monkeypatch.setattr(Device, "put", cut)
    assert await _refused(rig, rig.hybrid()) == "scale_unknown"
    assert rig.stored(LIMIT) == 8000


async def test_a_trial_is_put_back_if_what_follows_it_is_refused() -> None:
    rig = Rig()
    rig.device.write_as_app(p10012=170, p10013=8000)
    driver = rig.hybrid()
    await driver.read()
    reads = len(rig.api.submitted)
    # The full reading, the trial, its look, and then the limit itself
    rig.api.fails = [*[None] * reads, None, None, WriteRejected("no", reason="no")]
    assert await _refused(rig, driver) == "no"
    assert rig.stored(LIMIT) == 8000


async def test_a_trial_that_is_refused_leaves_nothing() -> None:
    rig = Rig()
    rig.device.write_as_app(p10012=170, p10013=8000)
    driver = rig.hybrid()
    await driver.read()
    rig.api.fails = [*[None] * len(rig.api.submitted), WriteRejected("no", reason="no")]
    assert await _refused(rig, driver) == "no"
    assert rig.stored(LIMIT) == 8000
    assert not any(key.endswith("/trial") for key in rig.notes)


async def test_a_look_of_others_does_not_end_a_trial(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rig = Rig()
    rig.device.write_as_app(p10012=170, p10013=8000)
    driver, limit = rig.hybrid(), find("10013")
    assert limit is not None
    ask, looks = rig.api.submit_parameters, list[asyncio.Task[Any]]()

    async def submit(uuid: str, rows: Any, *, write: bool, expire_s: int) -> str:
        if write and not looks:
            looks.append(asyncio.create_task(driver.ask([limit])))
        return await ask(uuid, rows, write=write, expire_s=expire_s)

    monkeypatch.setattr(rig.api, "submit_parameters", submit)
    await carry_out(rig, driver, SetExportLimit(power=5000))
    await looks[0]
    assert rig.stored(LIMIT) == 5000
    assert 8000 not in [one.after[LIMIT] for one in rig.device.effects]


async def test_a_note_of_a_trial_that_cannot_be_read_is_dropped() -> None:
    rig = Rig()
    driver = rig.hybrid()
    rig.notes[f"scale/{rig.serial}/10013/trial"] = {"before": "soon"}
    await driver.read()
    assert f"scale/{rig.serial}/10013/trial" not in rig.notes
