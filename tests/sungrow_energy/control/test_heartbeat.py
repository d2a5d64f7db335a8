"""The heartbeat of the modes 3 and 4 (reference section 6.4)."""

from custom_components.sungrow_energy._vendor.core.client.errors import TransportError
from custom_components.sungrow_energy._vendor.core.control.intent import SetMode
from custom_components.sungrow_energy.control.heartbeat import (
    INTERVAL,
    RETRY,
    Heartbeat,
)
from custom_components.sungrow_energy.control.tasks import TaskRunner

from .orders import carry_out, edits
from .rig import Rig


def heart_of(rig: Rig) -> Heartbeat:
    runner = TaskRunner(rig.device.uuid, rig.api, rig.clock)
    return Heartbeat(rig.device.uuid, runner, rig.clock, rig.notes, "10017")


async def test_a_device_is_kept_in_its_mode_as_long_as_it_beats() -> None:
    rig = Rig()
    heart = heart_of(rig)
    rig.device.write_as_app(p10003=3, p10017=300)
    heart.want(on=True)
    for _ in range(24):
        await rig.clock.sleep(INTERVAL)
        await heart.beat()
    assert rig.stored(10003) == 3
    assert len(rig.device.heartbeats) >= 23
    heart.want(on=False)
    beats = len(rig.api.written)
    await rig.clock.sleep(INTERVAL)
    await heart.beat()
    assert len(rig.api.written) == beats
    await rig.clock.sleep(300)
    assert rig.stored(10003) == 0


async def test_two_failures_in_a_row_are_told_and_a_beat_ends_that() -> None:
    rig = Rig()
    heart, told = heart_of(rig), []
    heart.on_change = lambda: told.append(heart.trouble)
    heart.want(on=True)
    rig.api.fails = [TransportError("gone"), TransportError("gone")]
    await rig.clock.sleep(INTERVAL)
    await heart.beat()
    assert told == []
    await rig.clock.sleep(RETRY)
    await heart.beat()
    assert told == [True]
    await rig.clock.sleep(RETRY)
    await heart.beat()
    assert told == [True, False]


async def test_it_beats_when_it_is_due_and_a_failed_one_is_repeated_soon() -> None:
    rig = Rig()
    heart = heart_of(rig)
    heart.want(on=True)
    rig.api.fails = [None, TransportError("gone")]
    beats = []
    for tick in range(15):
        before = len(rig.api.written)
        await heart.beat()
        if len(rig.api.written) > before:
            beats.append(tick * RETRY)
        await rig.clock.sleep(RETRY)
    assert beats == [INTERVAL, 2 * INTERVAL, 2 * INTERVAL + RETRY]


async def test_it_does_not_hammer_for_ever() -> None:
    rig = Rig()
    heart = heart_of(rig)
    heart.want(on=True)
    rig.api.fails = [TransportError("gone")] * 100
    for _ in range(120):
        await heart.beat()
        await rig.clock.sleep(RETRY)
    assert len(rig.api.written) <= 33


async def test_it_goes_on_at_once_after_a_restart() -> None:
    rig = Rig()
    heart_of(rig).want(on=True)
    again = heart_of(rig)
    assert again.wanted
    await again.beat()
    assert rig.api.written == [{"10017": "300"}]
    heart_of(rig).want(on=False)
    assert not heart_of(rig).wanted


async def test_an_energy_manager_that_is_led_has_one_of_its_own() -> None:
    rig = Rig("storage", 26)
    driver = rig.settings()
    before = await driver.read()
    plan = driver.plan(edits(ems_mode="vpp"), before, rig.clock.now())
    (step,) = driver.steps(plan.target, before)
    await driver.apply(step, before, {})
    assert rig.api.written == [{"10085": "300", "10086": "4"}]
    for _ in range(12):
        await rig.clock.sleep(INTERVAL)
        await driver.heartbeat.beat()
    assert (rig.stored(10086), rig.device.fallbacks) == (4, 0)
    assert rig.api.written[-1] == {"10085": "300"}
    settings = await driver.read()
    plan = driver.plan(edits(ems_mode="forced"), settings, rig.clock.now())
    (step,) = driver.steps(plan.target, settings)
    await driver.apply(step, settings, {})
    assert rig.api.written[-1] == {"10086": "5"}
    assert not driver.heartbeat.wanted


async def test_a_mode_that_shows_late_is_beaten_for_nevertheless() -> None:
    rig = Rig()
    rig.device.switches.shown_seconds = 20.0
    driver = rig.hybrid()
    late = await carry_out(rig, driver, SetMode(mode="vpp"))
    assert late.values["energy_management_mode"] == "self_consumption"
    await rig.clock.sleep(30)
    now = await driver.read()
    assert now.values["energy_management_mode"] == "vpp"
    assert driver.heartbeat.wanted
    rig.device.write_as_app(p10003=0)
    await rig.clock.sleep(30)
    await driver.read()
    assert not driver.heartbeat.wanted
