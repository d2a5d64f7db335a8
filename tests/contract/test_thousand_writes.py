"""1,000 writes that meet faults: each ends as control.md says, and nothing else does.

Run it alone, with its table: `scripts/test tests/contract/test_thousand_writes.py -s`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from .bench import Bench
from .benches import BY_NAME
from .conftest import Make
from .vendor import Case
from .wire import GATEWAY, LOST_ANSWER, LOST_REQUEST

# What control.md, section 2, says of each fault; "-" is one that cannot happen.
#
# lost request   read first; sent once more, for it is proven not to have arrived
# lost answer    read first; it is there
# not executed   accepted, and the settings do not show it within the read-back time
# clamped        a value that the device has cut down counts
# refused        the first request is refused: nothing has changed
# half applied   a later one is: what was done is undone and read back; a store that
#                is written in one request has no halves
# unreachable    nothing can be read for the whole read-back time, so nobody knows
# short silence  it is read as soon as that can be done
# none           read back as asked
# same again     already so: nothing is sent
FAULTS = (
    "lost request",
    "lost answer",
    "not executed",
    "clamped",
    "refused",
    "half applied",
    "unreachable",
    "short silence",
    "none",
    "same again",
)
_NO_FAULTS = ("none", "same again")
_LETTERS = {
    "a": "applied",
    "=": "unchanged",
    "x": "rejected",
    "v": "unverified",
    "?": "unknown",
}
# Columns as in FAULTS. "b after a" is asked for while a is leased.
TABLE = {
    "alphaess-legacy": """
        a a v a x - ? a a =  force_charge
        a a v - x - ? a a =  hold_discharge
        a a v - x - ? a a =  hold_both
        a a v a x - ? a a =  timed_reserve
        a a v a x - ? a a =  reserve
        a a v a x x ? a a =  schedule
        a a v a x x ? a a =  values
        a a v - x x ? a a =  hold_discharge after force_charge
    """,
    "alphaess-periodic": """
        a a v a x - ? a a =  force_charge
        a a v - x - ? a a =  hold_discharge
        a a v - x - ? a a =  hold_both
        a a v a x - ? a a =  timed_reserve
        a a v a x - ? a a =  reserve
        a a v a x - ? a a =  schedule
        a a v a x - ? a a =  values
        a a v - x - ? a a =  hold_discharge after force_charge
    """,
    "sonnen": """
        a a v - x x ? a a =  force_charge
        a a v - x x ? a a =  force_discharge
        a a v - x - ? a a =  hold_discharge
        a a v - x x ? a a =  hold_both
        a a v a x - ? a a =  timed_reserve
        a a v a x - ? a a =  reserve
        a a v - x - ? a a =  mode
        a a v - x - ? a a =  values
        a a v - x - ? a a =  schedule
    """,
}
# Few plans have two requests: so their halves come so many times as often.
_HALVES = 4
FAULTED = 1000
FORCES = {"force_charge", "force_discharge", "hold"}
# How often each outcome comes in all. Seed n is the n-th cell with a fault, beginning
# anew after the last one; each cell without one comes once, after all the others.
COUNTS = {
    "applied": 492,
    "unchanged": 25,
    "rejected": 266,
    "unverified": 134,
    "unknown": 133,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One fault of one intent on one store, and the outcome that it must have."""

    store: str
    case: Case
    after: Case | None
    fault: str
    outcome: str

    @property
    def requests(self) -> int:
        """How many requests it takes."""
        if self.after is None:
            return self.case.requests
        return 2 if any(case.requests == 2 for case in BY_NAME[self.store].cases) else 1


def cells() -> Iterator[Cell]:
    """Return the table's cells, row by row."""
    for store, text in TABLE.items():
        cases = {case.name: case for case in BY_NAME[store].cases}
        for line in filter(None, map(str.strip, text.splitlines())):
            *letters, name = line.split(maxsplit=len(FAULTS))
            name, _, after = name.partition(" after ")
            for fault, letter in zip(FAULTS, letters, strict=True):
                if letter != "-":
                    yield Cell(
                        store,
                        cases[name],
                        cases.get(after),
                        fault,
                        _LETTERS[letter],
                    )


CELLS = tuple(cells())
WITH_FAULT = tuple(
    cell
    for cell in CELLS
    if cell.fault not in _NO_FAULTS
    for _ in range(_HALVES if cell.fault == "half applied" else 1)
)
# What each seed is about, by seed
SEEDS = (
    *(WITH_FAULT[seed % len(WITH_FAULT)] for seed in range(FAULTED)),
    *(cell for cell in CELLS if cell.fault in _NO_FAULTS),
)


@dataclass(frozen=True, slots=True)
class Met:
    """What a write will meet, and how many of its requests will take effect."""

    effects: int
    faults: list[Any]
    dark_after: int | None = None
    dark_for: float | None = None
    switches: Mapping[str, Any] | None = None


def plan(bench: Bench, cell: Cell, dice: Random) -> Met:
    """Return what the seed makes of a fault: which request it hits, and how."""
    silent = cell.case.silent if cell.after is None else ()
    hit = dice.choice([n for n in range(cell.requests) if n not in silent])
    before: list[Any] = [None] * hit
    match cell.fault:
        case "same again":
            return Met(0, [])
        case "lost request":
            lost = dice.choice([LOST_REQUEST, GATEWAY, "not_sent"])
            return Met(cell.requests, [*before, lost])
        case "lost answer":
            return Met(cell.requests, [*before, LOST_ANSWER])
        case "not executed":
            return Met(0, [], switches={"stores": False})
        case "clamped":
            return Met(cell.requests, [], switches={"clamps": cell.case.clamp})
        case "refused":
            return Met(0, [bench.vendor.refused_by_vendor])
        case "half applied":
            taken = cell.requests - 1
            no = bench.vendor.refused_by_vendor
            return Met(2 * taken, [*[None] * taken, no])
        case "unreachable":
            last = dice.choice([LOST_REQUEST, LOST_ANSWER, None])
            arrived = hit + (last is not LOST_REQUEST)
            return Met(arrived, [*before, last], dark_after=hit + 1)
        case "short silence":
            last = dice.choice([LOST_REQUEST, LOST_ANSWER, None])
            read_back = bench.vendor.driver.capabilities.timing.read_back
            return Met(
                cell.requests,
                [*before, last],
                dark_after=hit + 1,
                dark_for=dice.uniform(1, read_back / 2),
            )
    return Met(cell.requests, [])


async def write(bench: Bench, cell: Cell, seed: int) -> str:
    """Carry out one seed from a device at rest to a device at rest.

    Returns the outcome. Asserts that what the program has read agrees with the device
    every time, that nothing took effect twice, and that what was leased comes back.
    """
    dice = bench.dice = Random(seed)
    rest = bench.truth()
    await at_daytime(bench, dice)
    bench.vendor.house().override(soc=dice.randint(30, 80))
    await bench.poll()
    minutes = dice.randint(3, 12)
    if cell.after is not None:
        await bench.give(cell.after.intent(bench, minutes + 2))
        await bench.clock.sleep(dice.uniform(31, 60))
    intent = cell.case.intent(bench, minutes)
    if cell.fault == "same again":
        await bench.give(intent)
        await bench.clock.sleep(dice.uniform(1, 60))
    mode, before = bench.manager.mode, bench.truth()
    effects, accepted = len(bench.effects), len(bench.vendor.writes())
    met = plan(bench, cell, dice)
    bench.faults.writes, bench.faults.dark_after = list(met.faults), met.dark_after
    bench.faults.dark_for = met.dark_for
    bench.vendor.switch(**(met.switches or {}))
    started = bench.clock.monotonic()

    outcome = await bench.outcome(intent)

    took = bench.clock.monotonic() - started
    assert not bench.faults.writes
    assert len(bench.effects) - effects == met.effects
    if outcome in {"applied", "unchanged"}:
        assert len(bench.vendor.writes()) - accepted == met.effects
    if outcome == "unknown":
        # Nobody could know; as soon as the device can be read, it is known
        assert took >= bench.vendor.driver.capabilities.timing.read_back
        bench.faults.dark = False
        await bench.clock.sleep(dice.uniform(1, 60))
        await bench.read()
    assert bench.vendor.shown() == bench.vendor.stored()
    if outcome in {"rejected", "unverified", "unchanged"}:
        assert bench.truth() == before
    if outcome != "unknown":
        wanted = cell.case.kind if cell.case.kind in FORCES else None
        now = wanted if wanted and outcome in {"applied", "unchanged"} else mode
        assert bench.manager.mode == now
    bench.vendor.switch()
    await to_rest(bench, cell, rest)
    return outcome


async def at_daytime(bench: Bench, dice: Random) -> None:
    """Let some time pass, and the night: then less can be asked for."""
    await bench.clock.sleep(dice.uniform(bench.vendor.gap + 1, 300))
    local = bench.clock.now().astimezone(bench.vendor.zone)
    if local.hour >= 20:
        morning = (local + timedelta(days=1)).replace(hour=9, minute=0)
        await bench.clock.sleep((morning - local).total_seconds())


async def to_rest(bench: Bench, cell: Cell, rest: str) -> None:
    """Let a lease come to its end; take a durable change back as a person would."""
    for _ in range(30):
        if not bench.leases:
            break
        await bench.clock.sleep(60)
    assert bench.leases == []
    assert bench.vendor.shown() == bench.vendor.stored()
    if not cell.case.timed:
        bench.vendor.reset()
        await bench.read()
    assert bench.truth() == rest


@pytest.mark.slow
async def test_a_thousand_writes(make: Make) -> None:
    benches = {store: await make(BY_NAME[store]) for store in TABLE}
    found: Counter[tuple[str, str]] = Counter()
    wrong = []
    for seed, cell in enumerate(SEEDS):
        try:
            outcome = await write(benches[cell.store], cell, seed)
        except AssertionError as err:
            raise AssertionError(f"seed {seed}: {cell}") from err
        found[cell.fault, outcome] += 1
        if outcome != cell.outcome:
            wrong.append((seed, cell, outcome))
    wanted = Counter((cell.fault, cell.outcome) for cell in SEEDS)
    report(wanted, found)
    assert wrong == []
    assert found == wanted
    assert totals(found) == COUNTS


def totals(counts: Counter[tuple[str, str]]) -> dict[str, int]:
    """Return how often each outcome came."""
    return {
        outcome: sum(n for (_, name), n in counts.items() if name == outcome)
        for outcome in COUNTS
    }


def report(wanted: Counter[tuple[str, str]], found: Counter[tuple[str, str]]) -> None:
    """Print how often each outcome came, and how often it had to."""
    width = 16
    lines = ["", "".join(name.rjust(width) for name in ("found/wanted", *COUNTS))]
    for fault in FAULTS:
        pairs = [(found[fault, name], wanted[fault, name]) for name in COUNTS]
        shown = [f"{one}/{other}" if one or other else "" for one, other in pairs]
        lines.append("".join(text.rjust(width) for text in (fault, *shown)))
    sums = zip(totals(found).values(), totals(wanted).values(), strict=True)
    shown = [f"{one}/{other}" for one, other in sums]
    lines.append("".join(text.rjust(width) for text in ("all", *shown)))
    print("\n".join(lines))  # noqa: T201 - what the test is run for
