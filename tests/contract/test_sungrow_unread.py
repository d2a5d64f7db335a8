"""What ends a force of a Sungrow is not held up by what cannot be read (control.md 3)."""

from collections.abc import Mapping
from typing import Any

import pytest

from .bench import Bench, comes_back
from .benches import BY_NAME
from .conftest import Make

MODE, COMMAND, POWER = "10003", "10004", "10005"
RESERVE, EXPORT_POWER, MAX_CHARGE = "10002", "10013", "10091"
HOUR = 3600.0


async def forced(make: Make, minutes: float = 30) -> Bench:
    """Return a device that is forced to charge."""
    bench = await make(BY_NAME["sungrow-hybrid"])
    force = bench.words.ForceCharge(until=bench.after(minutes), power=2400)
    assert await bench.outcome(force) == "applied"
    await bench.wait(300)
    return bench


def spoil(bench: Bench, *codes: str, status: int = 6) -> None:
    """Have the rows of some codes end like that, when they are read."""
    vendor = bench.vendor
    real = type(vendor).task

    async def task(uuid: str, task_id: str) -> Mapping[str, Any]:
        found = dict(await real(vendor, uuid, task_id))
        if found.get("command_status") == 8:
            found["param_list"] = [
                {**row, "command_status": status, "return_value": ""}
                if row["param_code"] in codes and row["set_value"] == ""
                else row
                for row in found["param_list"]
            ]
        return found

    vendor.task = task


def is_free(bench: Bench) -> bool:
    truth = bench.vendor.truth()
    return (truth[MODE], truth[COMMAND]) == (0, 204)


@pytest.mark.parametrize("status", [5, 6])
async def test_power_that_cannot_be_read_is_not_needed(make: Make, status: int) -> None:
    bench = await forced(make)
    spoil(bench, POWER, status=status)
    await bench.wait(HOUR)
    assert is_free(bench)
    assert bench.leases == []


async def test_a_person_ends_it_without_its_power(make: Make) -> None:
    bench = await forced(make, 600)
    spoil(bench, POWER)
    assert await bench.outcome(bench.words.SelfUse()) == "applied"
    assert is_free(bench)


@pytest.mark.parametrize("codes", [[MODE], [COMMAND], [MODE, COMMAND, POWER]])
async def test_what_leads_it_is_in_the_end_written_unseen(
    make: Make, codes: list[str]
) -> None:
    bench = await forced(make)
    before = bench.vendor.stored()
    spoil(bench, *codes)
    await bench.wait(2 * HOUR)
    assert is_free(bench)
    # It is not taken for done until it is seen
    assert bench.leases == ["mode"]
    spoil(bench)
    await bench.wait(HOUR)
    assert bench.leases == []
    assert bench.manager.problems == {}
    assert bench.vendor.stored() != before


@pytest.mark.parametrize("status", [5, 6])
async def test_the_last_try_writes_it_unseen_at_once(make: Make, status: int) -> None:
    bench = await forced(make, 600)
    spoil(bench, MODE, status=status)
    assert not await bench.manager.end("removed")
    assert is_free(bench)


@pytest.mark.parametrize("ending", ["removed", "self_use"])
@pytest.mark.parametrize(
    ("limit", "code"), [("export", EXPORT_POWER), ("reserve", RESERVE)]
)
async def test_another_lease_does_not_hold_it_up(
    make: Make, ending: str, limit: str, code: str
) -> None:
    bench = await forced(make, 600)
    words, until = bench.words, bench.after(600)
    other = (
        words.SetExportLimit(power=3000, until=until)
        if limit == "export"
        else words.SetReserve(soc=30, until=until)
    )
    assert await bench.outcome(other) == "applied"
    spoil(bench, code)
    if ending == "removed":
        assert not await bench.manager.end("removed")
    else:
        assert await bench.outcome(words.SelfUse()) != "applied"
    assert is_free(bench)
    assert "mode" not in bench.leases


async def unleased(make: Make) -> Bench:
    """Return a device whose force is not ours any more, for its power was changed."""
    bench = await forced(make)
    half = bench.vendor.truth()[POWER] // 2
    bench.vendor.device.write_as_app(**{f"p{POWER}": half})
    await bench.read()
    await bench.wait(120)
    assert bench.leases == []
    assert bench.manager.problems
    return bench


@pytest.mark.parametrize("by", ["self_use", "end_forced"])
@pytest.mark.parametrize("code", [MAX_CHARGE, POWER])
async def test_a_force_without_a_lease_ends_without_another_code(
    make: Make, by: str, code: str
) -> None:
    bench = await unleased(make)
    spoil(bench, code)
    if by == "self_use":
        assert await bench.outcome(bench.words.SelfUse()) == "applied"
    else:
        await bench.manager.end_forced()
    assert is_free(bench)
    assert bench.manager.problems == {}


async def test_a_force_without_a_lease_ends_unseen_when_it_is_asked_again(
    make: Make,
) -> None:
    bench = await unleased(make)
    spoil(bench, MODE)
    for _ in range(3):
        assert await bench.outcome(bench.words.SelfUse()) != "applied"
    assert is_free(bench)
    spoil(bench)
    assert await bench.outcome(bench.words.SelfUse()) == "unchanged"
    assert bench.manager.problems == {}


@pytest.mark.parametrize("status", [5, 6])
async def test_one_code_that_stays_silent_does_not_hold_up_the_others(
    make: Make, status: int
) -> None:
    bench = await forced(make)
    await bench.wait(HOUR)
    spoil(bench, MAX_CHARGE, status=status)
    await bench.read()
    assert "max_charging_power" not in bench.vendor.shown()
    assert len(bench.vendor.shown()) > 10
    force = bench.words.ForceCharge(until=bench.after(30), power=2400)
    assert await bench.outcome(force) == "applied"
    assert await bench.outcome(bench.words.SelfUse()) == "applied"
    spoil(bench)
    await bench.read()
    assert "max_charging_power" in bench.vendor.shown()


async def test_a_force_is_not_begun_over_what_is_not_known(make: Make) -> None:
    bench = await forced(make)
    await bench.wait(HOUR)
    sent = bench.sent
    for code in (MODE, COMMAND, POWER):
        spoil(bench, code)
        force = bench.words.ForceCharge(until=bench.after(30), power=2400)
        assert await bench.outcome(force) == "rejected"
    assert (bench.sent, bench.leases) == (sent, [])


async def test_the_handle_stays_when_settings_are_refreshed(make: Make) -> None:
    bench = await forced(make, 600)
    spoil(bench, POWER, status=5)
    bench.vendor.driver.support.forget()
    await bench.read()
    assert bench.vendor.driver.leads
    assert await bench.outcome(bench.words.SelfUse()) == "applied"
    assert is_free(bench)


async def test_it_comes_back_whole_when_all_is_read(make: Make) -> None:
    bench = await make(BY_NAME["sungrow-hybrid"])
    before = bench.truth()
    force = bench.words.ForceCharge(until=bench.after(30), power=2400)
    assert await bench.outcome(force) == "applied"
    await comes_back(bench, before)
