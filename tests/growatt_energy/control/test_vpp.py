"""Remote control: what is sent, what is read, and whose it is (reference 6.6)."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from custom_components.growatt_energy._vendor.core.client.errors import (
    ApiError,
    AuthError,
    MaintenanceError,
    TransportError,
    UnsupportedError,
    WriteRejected,
)
from custom_components.growatt_energy._vendor.core.control.driver import Settings, Step
from custom_components.growatt_energy._vendor.core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    SelfUse,
)
from custom_components.growatt_energy._vendor.core.control.outcome import Refusal
from custom_components.growatt_energy.control_min.min_driver import MinDriver

from .fakes import NOW, Inverter, Notes, driver_of

HALF_HOUR = NOW + timedelta(minutes=30)


async def carry_out(driver: MinDriver, intent: Any, base: Settings) -> Any:
    """Send what an intent takes, and return its plan."""
    plan = driver.plan(intent, base, NOW)
    changes = {k: v for k, v in plan.target.items() if base.values.get(k) != v}
    for step in driver.steps(changes, base):
        await driver.apply(step, base, {})
    return plan


async def test_a_force_is_authority_enable_minutes_and_percent() -> None:
    inverter = Inverter()
    driver = driver_of(inverter)
    plan = await carry_out(
        driver, ForceCharge(until=HALF_HOUR, power=7_300), await driver.read()
    )
    assert [what for _, *what in inverter.sent] == [
        ["vpp1", "1"],
        ["vpp25", "1"],
        ["vpp26", "31"],
        ["vpp27", "60"],
    ]
    assert plan.effective == {"percent": 60, "power": 7_200}
    assert HALF_HOUR <= plan.device_until <= HALF_HOUR + timedelta(minutes=1)
    starts = [at for at, *_ in inverter.sent]
    assert all(b - a >= 5 for a, b in pairwise(starts))


async def test_discharging_is_negative_and_all_without_a_number() -> None:
    inverter = Inverter()
    driver = driver_of(inverter)
    await carry_out(driver, ForceDischarge(until=HALF_HOUR), await driver.read())
    assert inverter.registers[27] == -100


@pytest.mark.parametrize("minutes", [1, 1440])
async def test_a_duration_is_never_without_end(minutes: int) -> None:
    inverter = Inverter()
    driver = driver_of(inverter)
    until = NOW + timedelta(minutes=minutes)
    await carry_out(driver, ForceCharge(until=until), await driver.read())
    assert 1 <= inverter.registers[26] <= 1440


async def test_what_runs_is_read_as_it_counts_down() -> None:
    inverter, notes = Inverter(), Notes()
    driver = driver_of(inverter, notes)
    plan = await carry_out(driver, ForceCharge(until=HALF_HOUR), await driver.read())
    inverter.clock.passed += 600
    inverter.registers[26] -= 10
    assert (await driver.read()).shows(plan.target)
    # Also after a restart, for it is in the notes
    assert (await driver_of(inverter, notes).read()).shows(plan.target)


@pytest.mark.parametrize("minutes", [0, 400])
async def test_another_duration_than_was_sent_is_not_ours(minutes: int) -> None:
    inverter = Inverter()
    driver = driver_of(inverter)
    plan = await carry_out(driver, ForceCharge(until=HALF_HOUR), await driver.read())
    inverter.registers[26] = minutes
    assert not (await driver.read()).shows(plan.target)


async def test_a_duration_that_cannot_be_read_is_assumed() -> None:
    inverter = Inverter()
    driver = driver_of(inverter)
    plan = await carry_out(driver, ForceCharge(until=HALF_HOUR), await driver.read())
    inverter.registers[26] = None
    settings = await driver.read()
    assert "vpp.until" in settings.assumed
    assert "vpp.power" not in settings.assumed
    assert settings.shows(plan.target)


async def test_the_end_is_no_power_then_no_remote_control() -> None:
    inverter = Inverter()
    driver = driver_of(inverter)
    base = await driver.read()
    await carry_out(driver, ForceCharge(until=HALF_HOUR), base)
    now = await driver.read()
    inverter.sent.clear()
    back: dict[str, Any] = {
        "vpp.authority": False,
        "vpp.enabled": False,
        "vpp.until": None,
        "vpp.power": 0,
    }
    for step in reversed(driver.steps(driver.restorable(back, now), now)):
        await driver.apply(step, now, {})
    assert [what for _, *what in inverter.sent] == [
        ["vpp27", "0"],
        ["vpp25", "0"],
        ["vpp1", "0"],
    ]
    settings = await driver.read()
    assert settings.values == base.values
    assert settings.volatile == frozenset()


async def test_a_set_point_that_is_gone_is_dropped_while_control_is_still_ours() -> (
    None
):
    inverter = Inverter()
    driver = driver_of(inverter)
    plan = await carry_out(driver, ForceCharge(until=HALF_HOUR), await driver.read())
    inverter.registers[27] = 0
    settings = await driver.read()
    assert settings.volatile == {"vpp.power"}
    assert not settings.shows(plan.target)


async def test_what_is_no_longer_enabled_was_ended_by_somebody() -> None:
    """Unless there was an outage, which the device does not tell (6.6)."""
    inverter = Inverter()
    driver = driver_of(inverter)
    await carry_out(driver, ForceCharge(until=HALF_HOUR), await driver.read())
    inverter.registers |= {25: 0, 26: 0, 27: 0}
    assert (await driver.read()).volatile == frozenset()
    inverter.clock.passed += 31 * 60
    # The time is up that it was told
    settings = await driver.read()
    assert settings.volatile == {"vpp.enabled", "vpp.until", "vpp.power"}


async def test_a_power_that_the_app_has_set_is_not_dropped() -> None:
    inverter = Inverter()
    driver = driver_of(inverter)
    await carry_out(driver, ForceCharge(until=HALF_HOUR), await driver.read())
    inverter.registers[27] = -30
    settings = await driver.read()
    assert settings.volatile == frozenset()
    assert settings.values["vpp.power"] == -30


async def test_what_others_control_is_not_taken_over_but_can_be_ended() -> None:
    inverter = Inverter()
    inverter.registers |= {1: 1, 25: 1, 26: 0, 27: -40}
    driver = driver_of(inverter)
    base = await driver.read()
    for intent in (ForceCharge(until=HALF_HOUR), Hold(until=HALF_HOUR)):
        with pytest.raises(Refusal) as caught:
            driver.plan(intent, base, NOW)
        assert caught.value.key == "remote_controlled"
    await carry_out(driver, SelfUse(), base)
    assert (inverter.registers[25], inverter.registers[27]) == (0, 0)


@pytest.mark.parametrize(
    "error",
    [
        UnsupportedError("no"),
        WriteRejected("no", code="6"),
        ApiError("no", code="7"),
    ],
)
async def test_a_model_without_it_is_asked_once_a_day_and_uses_segments(
    error: ApiError,
) -> None:
    inverter, notes = Inverter(), Notes()
    inverter.refuses = error
    driver = driver_of(inverter, notes)
    await driver.read()
    await driver_of(inverter, notes).read()
    assert inverter.asked == [1]
    plan = driver.plan(ForceCharge(until=HALF_HOUR), await driver.read(), NOW)
    assert "time_segment1" in plan.target
    assert "vpp.power" not in plan.target


async def test_a_model_that_has_said_no_on_three_days_is_asked_once_a_week() -> None:
    """The answer may be a passing one, or new firmware may bring it."""
    inverter, notes = Inverter(), Notes()
    inverter.refuses = UnsupportedError("no", code="6")
    asked = []
    for _ in range(12):
        await driver_of(inverter, notes).read()
        asked.append(len(inverter.asked))
        inverter.clock.passed += 86_400
    assert asked == [1, 2, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4]
    inverter.refuses = None
    inverter.clock.passed += 4 * 86_400
    driver = driver_of(inverter, notes)
    await driver.read()
    assert driver.remote


async def test_a_refusal_by_a_model_that_has_it_is_an_error_that_passes() -> None:
    inverter, notes = Inverter(), Notes()
    driver = driver_of(inverter, notes)
    await driver.read()
    for _ in range(2):
        inverter.refuses = UnsupportedError("no", code="6")
        with pytest.raises(UnsupportedError):
            await driver.read()
        assert driver.remote
        inverter.clock.passed += 86_400
        inverter.refuses = None
        await driver.read()
    inverter.refuses = UnsupportedError("no", code="7")
    for _ in range(3):
        inverter.clock.passed += 86_400
        with pytest.raises(UnsupportedError):
            await driver.read()
    assert not driver.remote  # another device, or other firmware
    await driver.read()


async def test_while_it_cannot_be_asked_it_is_not_known() -> None:
    inverter = Inverter()
    inverter.refuses = TransportError("gone")
    driver = driver_of(inverter)
    with pytest.raises(TransportError):
        await driver.read()
    inverter.refuses = None
    await driver.read()
    assert driver.remote


async def test_an_answer_that_says_nothing_leaves_segments_for_now() -> None:
    inverter = Inverter()
    inverter.refuses = ApiError("system error", code="1")
    driver = driver_of(inverter)
    await driver.read()
    assert not driver.remote
    inverter.refuses = None
    await driver.read()
    assert driver.remote


async def test_a_login_has_no_remote_control() -> None:
    inverter = Inverter(padded=True, vpp=False)
    driver = driver_of(inverter)
    await driver.read()
    assert (driver.remote, inverter.asked) == (False, [])


async def test_a_document_that_was_read_without_it_leaves_what_was_known() -> None:
    inverter = Inverter()
    driver = driver_of(inverter)
    plan = await carry_out(driver, ForceCharge(until=HALF_HOUR), await driver.read())
    await driver.read()
    settings = driver.decode(inverter.settings, inverter.clock.now())
    assert settings.shows(plan.target)
    assert settings.assumed >= {"vpp.enabled", "vpp.power"}


async def test_a_percentage_without_its_sign_is_understood() -> None:
    inverter = Inverter()
    inverter.registers |= {1: 1, 25: 1, 27: 65_496}
    assert (await driver_of(inverter).read()).values["vpp.power"] == -40


async def test_a_force_that_lost_its_lease_can_be_ended() -> None:
    inverter = Inverter()
    driver = driver_of(inverter)
    plan = await carry_out(driver, ForceCharge(until=HALF_HOUR), await driver.read())
    settings = await driver.read()
    assert driver.forced(settings, plan.mark) == {"vpp.power": 0, "vpp.enabled": False}
    inverter.registers[27] = -30
    assert driver.forced(await driver.read(), plan.mark) == {}


async def test_what_the_cloud_has_is_shown_while_the_device_is_offline() -> None:
    """Nothing is read back from a copy: whoever writes is told that it is offline."""
    inverter = Inverter()
    driver = driver_of(inverter)
    before = await driver.read()
    inverter.refuses = MaintenanceError("offline", reason="offline")
    inverter.settings["disChargePowerCommand"] = 70
    shown = driver.decode(await driver.fetch(), NOW + timedelta(hours=1))
    assert shown.values == {**before.values, "discharge_power": 70}
    assert shown.assumed >= {"vpp.enabled", "vpp.power", "vpp.until"}
    with pytest.raises(MaintenanceError):
        await driver.read()


async def test_who_only_looks_is_told_that_the_account_is_refused() -> None:
    inverter = Inverter()
    driver = driver_of(inverter)
    await driver.read()
    inverter.refuses = AuthError("refused")
    with pytest.raises(AuthError):
        await driver.fetch()


async def test_what_a_token_has_told_is_not_gone_with_a_login() -> None:
    """Nobody can ask, so it is as it was told, and ends by itself."""
    inverter, notes = Inverter(), Notes()
    driver = driver_of(inverter, notes)
    base = await driver.read()
    plan = await carry_out(driver, ForceCharge(until=HALF_HOUR, power=3_000), base)
    inverter.vpp = False
    app = driver_of(inverter, notes)
    seen = await app.read()
    assert seen.shows(plan.target)
    back = {key: base.values[key] for key in ("vpp.enabled", "vpp.power")}
    assert app.restorable(back, seen) == back
    assert app.forced(seen, plan.mark) == back
    inverter.clock.passed += 31 * 60
    assert app.restorable(back, seen) == {}
    assert app.forced(seen, plan.mark) == {}
    assert app.restorable({"charge_power": 100}, seen) == {"charge_power": 100}


async def test_a_login_does_not_say_that_a_model_lacks_it() -> None:
    inverter, notes = Inverter(), Notes()
    await driver_of(inverter, notes).read()
    inverter.vpp, inverter.refuses = False, UnsupportedError("needs a token")
    step = Step(label="vpp.power", values={"vpp.power": 0})
    app = driver_of(inverter, notes)
    with pytest.raises(UnsupportedError):
        await app.apply(step, await app.read(), {})
    inverter.vpp, inverter.refuses = True, None
    assert driver_of(inverter, notes).remote
