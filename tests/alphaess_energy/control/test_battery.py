"""The driver around the stores."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.alphaess_energy._vendor.core.client.budget import Budget, Rule
from custom_components.alphaess_energy._vendor.core.client.errors import (
    BadDataError,
    ThrottledError,
    WriteRejected,
    WriteUnknown,
)
from custom_components.alphaess_energy._vendor.core.control.driver import (
    Observation,
    Range,
)
from custom_components.alphaess_energy._vendor.core.control.intent import (
    ForceCharge,
    Hold,
    HoldBlock,
    Kind,
    Leasable,
    SetReserve,
    SetValues,
)
from custom_components.alphaess_energy._vendor.core.control.outcome import Refusal
from custom_components.alphaess_energy.driver import ScheduleMode

from .cloud import FRIDAY_NOON, SERIAL, Json, System
from .raws import legacy, period, periodic

NOTE = f"{SERIAL}/flags"
UNTIL = FRIDAY_NOON + timedelta(hours=1)
CHARGE = ForceCharge(until=UNTIL, target_soc=80)
HOLD = Hold(until=UNTIL)
BOTH = Hold(until=UNTIL, block=HoldBlock.BOTH)


async def test_what_the_legacy_store_can_do() -> None:
    system = System(legacy())
    await system.driver.read()
    can = system.driver.capabilities
    assert system.driver.mode is ScheduleMode.LEGACY
    assert can.intents == {
        Kind.FORCE_CHARGE,
        Kind.HOLD,
        Kind.SELF_USE,
        Kind.SET_RESERVE,
        Kind.SET_SCHEDULE,
        Kind.SET_VALUES,
    }
    assert can.blocks == {HoldBlock.DISCHARGE, HoldBlock.BOTH}
    assert can.power is None
    assert can.target_soc == can.reserve == Range(low=0, high=100)
    assert can.writes_per_day == 60
    assert can.timing.read_back == 40
    assert can.timing.reaction == 360
    assert can.timing.too_soon == (30, 60)


@pytest.mark.parametrize(
    ("rated", "power", "high"),
    [(10_000.0, 5000, 10_000), (None, 12_501, 12_501), (0.0, None, 5000)],
)
async def test_what_the_periodic_store_can_do(
    rated: float | None, power: int | None, high: int
) -> None:
    """A power that the vendor has taken before is one that it takes."""
    system = System(periodic([period("02:00-05:00", power=power)]), rated=rated)
    assert system.driver.mode is ScheduleMode.UNKNOWN
    await system.driver.read()
    can = system.driver.capabilities
    assert system.driver.mode is ScheduleMode.PERIODIC
    assert can.power == Range(low=100, high=high)
    assert can.target_soc == can.reserve == Range(low=10, high=100)


async def test_while_the_store_is_unknown_the_plan_decides() -> None:
    intent = ForceCharge(until=UNTIL, power=20_000, target_soc=80)
    system = System(legacy(), rated=5000.0)
    can = system.driver.capabilities
    assert can.power is not None
    assert can.power.low <= 20_000 <= can.power.high
    assert can.target_soc == can.reserve == Range(low=0, high=100)
    with pytest.raises(Refusal, match="no_power_setting"):
        await system.plan(intent)

    system = System(periodic(), flags=(True, True), rated=5000.0)
    with pytest.raises(Refusal, match="power_range") as caught:
        await system.plan(intent)
    assert caught.value.placeholders == {"low": "100", "high": "5000"}


@pytest.mark.parametrize(
    ("raw", "store"), [(legacy(), "legacy"), (periodic(), "periodic")]
)
async def test_settings_say_of_which_store_they_are(raw: Json, store: str) -> None:
    settings = await System(raw).driver.read()
    assert settings.store == store
    assert type(settings.store) is str


async def test_what_is_read_is_published_whole() -> None:
    system = System(periodic())
    settings = await system.driver.read()
    assert system.published == [(periodic(), FRIDAY_NOON)]
    assert settings.raw == periodic()
    assert settings.observed_at == FRIDAY_NOON


@pytest.mark.parametrize(
    "raw", [{}, {"charge": legacy()["charge"]}, {"periodic": None}]
)
async def test_without_a_store_nothing_is_written(raw: dict[str, object]) -> None:
    system = System(raw)
    with pytest.raises(BadDataError) as caught:
        await system.driver.read()
    assert caught.value.reason == "settings_incomplete"
    assert system.published  # it was read all the same


@pytest.mark.parametrize(
    ("intent", "battery", "soc", "follows"),
    [
        (CHARGE, -100.0, 50.0, True),
        (CHARGE, -99.0, 50.0, False),
        (CHARGE, 0.0, 80.0, True),
        (CHARGE, None, 80.0, True),
        (CHARGE, None, 50.0, None),
        (ForceCharge(until=UNTIL), 0.0, 99.0, False),
        (ForceCharge(until=UNTIL), 0.0, 100.0, True),
        (HOLD, 99.0, 50.0, True),
        (HOLD, 100.0, 50.0, False),
        (HOLD, -3000.0, 50.0, True),
        (HOLD, None, 50.0, None),
        (BOTH, -100.0, 50.0, False),
        (BOTH, 100.0, 50.0, False),
        (BOTH, -99.0, 50.0, True),
        (BOTH, None, 50.0, None),
        (SetReserve(soc=20, until=UNTIL), 1000.0, 10.0, None),
    ],
)
def test_whether_the_battery_follows(
    intent: Leasable, battery: float | None, soc: float, follows: bool | None
) -> None:
    driver = System(legacy()).driver
    seen = Observation(at=FRIDAY_NOON, fresh=True, battery=battery, soc=soc)
    assert driver.following(intent, seen) is follows


@pytest.mark.parametrize(
    ("minutes", "follows"),
    [(702, False), (703, None), (717, None), (718, False)],
)
def test_nobody_follows_where_no_window_can_be(
    minutes: int, follows: bool | None
) -> None:
    """From 23:45 to midnight; the plan has warned of it."""
    moment = FRIDAY_NOON + timedelta(minutes=minutes)
    driver = System(legacy(), now=moment).driver
    seen = Observation(at=moment, fresh=True, battery=500.0, soc=50.0)
    intent = ForceCharge(until=moment + timedelta(hours=2))
    assert driver.following(intent, seen) is follows


def test_writes_that_do_not_fit_the_budget_are_not_begun() -> None:
    system = System(legacy())
    system.driver.admit(100)
    system.driver._budget = Budget([Rule(limit=2, window=60)], clock=system.clock)
    system.driver.admit(2)
    with pytest.raises(ThrottledError):
        system.driver.admit(3)


async def test_flags_are_what_was_sent_last() -> None:
    system = System(periodic())
    settings = await system.driver.read()
    assert settings.assumed == {"charge.enabled", "discharge.enabled"}
    assert not settings.assumed & settings.values.keys()
    flags = {"charge.enabled": True, "discharge.enabled": False}
    done = await system.do(SetValues(edits=(lambda _: flags,)))
    assert done.after.values.items() >= flags.items()
    assert system.flags == flags
    kind, body = system.cloud.sent[0]
    assert kind == "periodic"
    assert (body["gridChargeCycle"], body["ctrDisCycle"]) == (1, 0)


async def test_flags_of_a_write_that_was_refused_are_not_noted() -> None:
    system = System(periodic(), flags=(False, False))
    system.cloud.fails, system.cloud.stores = WriteRejected("no", code="6008"), False
    with pytest.raises(WriteRejected):
        await system.do(ForceCharge(until=UNTIL))
    assert system.flags == {"charge.enabled": False, "discharge.enabled": False}


@pytest.mark.parametrize("arrived", [True, False])
async def test_flags_of_a_write_without_an_answer_are_noted_once_it_is_seen(
    arrived: bool,
) -> None:
    system = System(periodic(), flags=(False, False))
    system.cloud.fails, system.cloud.stores = WriteUnknown("lost"), arrived
    with pytest.raises(WriteUnknown):
        await system.do(ForceCharge(until=UNTIL))
    assert system.flags["charge.enabled"] is False
    settings = await system.driver.read()
    assert settings.values["charge.enabled"] is arrived
    assert system.flags["charge.enabled"] is arrived


async def test_flags_alone_prove_nothing() -> None:
    system = System(periodic(), flags=(False, False))
    system.cloud.fails = WriteUnknown("lost")
    with pytest.raises(WriteUnknown):
        await system.do(SetValues(edits=(lambda _: {"charge.enabled": True},)))
    assert (await system.driver.read()).values["charge.enabled"] is False


async def test_flags_that_were_sent_are_on_disk_at_once() -> None:
    """Whatever is killed next: the next whole object has them in it."""
    system = System(periodic(), flags=(False, False))
    done = await system.do(ForceCharge(until=UNTIL))
    note = {"charge.enabled": True, "discharge.enabled": False}
    assert system.notes.saved[NOTE] == note
    await system.put_back(done)
    assert system.notes.saved[NOTE] == {**note, "charge.enabled": False}


async def test_flags_of_a_write_that_is_seen_later_are_on_disk_too() -> None:
    system = System(periodic(), flags=(False, False))
    system.cloud.fails = WriteUnknown("lost")
    with pytest.raises(WriteUnknown):
        await system.do(ForceCharge(until=UNTIL))
    assert system.notes.saved == {}
    await system.driver.read()
    assert system.notes.saved[NOTE]["charge.enabled"] is True


@pytest.mark.parametrize("assume", [True, False])
async def test_a_put_back_knows_the_flags_though_the_account_is_lost(
    assume: bool,
) -> None:
    """The user had time control off; the periods suggest otherwise."""
    system = System(periodic(), flags=(True, False), assume_enabled=assume)
    done = await system.do(ForceCharge(until=UNTIL))
    system.notes.clear()
    await system.put_back(done)
    assert system.flags == {"charge.enabled": True, "discharge.enabled": False}


async def test_a_flag_that_was_set_during_a_force_stays() -> None:
    system = System(periodic(), flags=(False, False))
    force = await system.do(ForceCharge(until=UNTIL))
    on = {"discharge.enabled": True}
    await system.do(SetValues(edits=(lambda _: on,)))
    await system.put_back(force)
    assert system.flags == {"charge.enabled": False, "discharge.enabled": True}


async def test_what_a_lease_has_changed_is_in_its_own_memo() -> None:
    """A reserve that is put back during a force does not end that."""
    system = System(periodic(), flags=(False, False))
    force = await system.do(ForceCharge(until=UNTIL))
    read = await system.driver.read()
    base = replace(read, values={**read.values, "charge.enabled": False})
    plan = system.driver.plan(SetReserve(soc=30, until=UNTIL), base, system.now)
    assert force.plan.memo["flags"] == {
        "charge.enabled": False,
        "discharge.enabled": False,
    }
    assert plan.memo["flags"] == {"discharge.enabled": False}


@pytest.mark.parametrize(("power", "charge"), [(5000, True), (None, False), (0, False)])
async def test_flags_that_were_never_sent_may_be_assumed(
    power: int | None, charge: bool
) -> None:
    raw = periodic([period("02:00-05:00", power=power)])
    system = System(raw, assume_enabled=True)
    values = (await system.driver.read()).values
    assert values["charge.enabled"] is charge
    assert values["discharge.enabled"] is True
    known = System(raw, assume_enabled=True, flags=(False, False))
    assert (await known.driver.read()).values["discharge.enabled"] is False
