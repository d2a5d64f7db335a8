"""Measures one Home Assistant with fifty entries and thousands of entities."""

import argparse
import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
import os
from pathlib import Path
import platform
import shutil
import sys
import tempfile
import time
from typing import Any

from aiohttp import ClientError

from scripts.demolib.folder import Demo, DemoError
from scripts.demolib.hass import Hass
from scripts.demolib.session import interruptible

from .scale_figures import Figures, Phase, Stalls, Written, milliseconds, split
from .scale_home import Measured, Simulators, free_ports, home_assistant, prepare_folder
from .scale_page import write_page

DESCRIPTION = """\
Starts a real Home Assistant with fifty entries of all six vendors on simulators, looks
from within how long its event loop is held up, what it writes and what it needs, and
writes that into docs/benchmarks.md. A Home Assistant without them is measured first, to
tell its own from ours. Takes some twenty minutes more than it watches. Nothing else
should run on the machine meanwhile. Fails if a goal is missed.
"""
_SETTLED = 20.0  # s without a new entity after which there are all
_PATIENCE = 600.0  # s for all entities of a first set-up
_LOOK = 2.0  # s between two looks
_SHOWN = 12  # of a kind, where to look
_BASE = 3.0  # minutes for which the Home Assistant without entries is watched
_REST = 6.0  # minutes until nothing moves any more in houses that stand still


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done; minutes."""

    minutes: float
    still: float
    machine: str
    folder: Path


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/benchmark_scale", description=DESCRIPTION
    )
    parser.add_argument(
        "--minutes", type=float, default=10.0, help="of daily life to watch, 10"
    )
    parser.add_argument(
        "--still",
        type=float,
        default=6.0,
        help="minutes to watch houses in which nothing moves, 6; 0 leaves it out",
    )
    parser.add_argument(
        "--machine",
        default=machine(),
        help="what the page says of it, in general terms: %(default)s",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        help="keep Home Assistant's data there, so that another run need not set "
        "all entries up again",
    )
    parser.add_argument(
        "--page", type=Path, help="write there instead of docs/benchmarks.md"
    )
    return parser.parse_args(given)


def machine() -> str:
    """Return what this machine is, in general terms."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores ({platform.machine()}), {memory:.0f} GB"


async def measure(plan: Plan) -> Figures:
    """Do it all; DemoError if something does not come up."""
    base, large = (Demo.open(plan.folder / name) for name in ("alone", "large"))
    simulators = Simulators()
    free_ports(large)
    for demo in (base, large):
        prepare_folder(demo, 0)
    say("Home Assistant alone")
    async with home_assistant(base) as running:
        alone, _ = await _phase(running, 0, min(_BASE, plan.minutes))
        version = (await running.hass.get("/api/config"))["version"]
    say("the simulators")
    async with simulators.run(large):
        adding = await _add(large, simulators)
        say("Home Assistant with all entries")
        async with home_assistant(large) as running:
            phase, living = await _phase(running, len(simulators.entries), plan.minutes)
            entries, entities = await _counted(running.hass)
            still = Written(minutes=0)
            if plan.still:
                say("nothing moves")
                await simulators.hold_still()
                await asyncio.sleep(_REST * 60)
                await running.read()
                await asyncio.sleep(plan.still * 60)
                still = Written.of(await running.read())
    return Figures(
        machine=plan.machine,
        home_assistant=version,
        python=platform.python_version(),
        alone=alone,
        large=phase,
        adding=adding,
        entries=entries,
        entities=entities,
        living=living,
        still=still,
    )


async def _phase(
    running: Measured, entries: int, minutes: float
) -> tuple[Phase, Written]:
    """Wait until all is set up, then watch."""
    await _all_there(running, entries)
    told = await running.read()
    loaded = max([told["began"], *told["loaded"].values()])
    ready = max(loaded, told["grown"])
    say(f"set up after {ready - running.spawned:.1f} s")
    running.begin_usage()
    await asyncio.sleep(minutes * 60)
    usage, later = running.usage(), await running.read()
    starting, after = split([*told["stalls"], *later["stalls"]], ready)
    phase = Phase(
        entries=len(told["loaded"]),
        states=later["states"],
        objects=later["objects"],
        loaded=loaded - running.spawned,
        started=ready - running.spawned,
        starting=Stalls(seconds=ready - told["began"], found=starting),
        after=Stalls(seconds=later["ended"] - ready, found=after),
        usage=usage,
    )
    return phase, Written.of(later)


async def _add(demo: Demo, simulators: Simulators) -> Stalls:
    """Set up all entries that are not there yet, one after the other as people do."""
    async with home_assistant(demo) as running:
        there = len(await _entries(running.hass))
        if there == len(simulators.entries):
            return Stalls(seconds=0)
        await running.read()
        for domain, answers in simulators.entries[there:]:
            await running.hass.create_entry(domain, answers)
        await _all_there(running, len(simulators.entries))
        told = await running.read()
        seconds = told["grown"] - told["began"]
        say(f"all entries added in {seconds:.0f} s")
        found, _ = split(told["stalls"], told["grown"])
        return Stalls(seconds=seconds, found=found)


async def _all_there(running: Measured, number: int) -> None:
    """Wait until so many entries are loaded and no more entities come."""
    for _ in range(120):
        entries = await _entries(running.hass)
        waiting = [one for one in entries if one["state"] != "loaded"]
        if len(entries) >= number and not waiting:
            break
        await asyncio.sleep(1)
    else:
        raise DemoError(
            f"not loaded: {[(it['title'], it['reason']) for it in waiting]}"
        )
    for _ in range(int(_PATIENCE / _LOOK)):
        if time.time() - await running.grown() >= _SETTLED:
            return
        await asyncio.sleep(_LOOK)


async def _entries(hass: Hass) -> list[Any]:
    """Return our entries."""
    found = await hass.call("config_entries/get")
    return [one for one in found if one["domain"].endswith("_energy")]


async def _counted(hass: Hass) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many entries and enabled entities each integration has."""
    entries = Counter(one["domain"] for one in await _entries(hass))
    entities = Counter(
        one.platform for one in await hass.entities(*entries) if not one.disabled
    )
    return dict(entries), dict(entities)


def say(text: str) -> None:
    """Tell what is being done."""
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def show(figures: Figures, tell: Callable[[str], None] = print) -> bool:
    """Print what came of it, and where to look; return whether all goals are reached."""
    for name, stalls in (
        ("start", figures.large.starting),
        ("added", figures.adding),
        ("after", figures.large.after),
    ):
        for one in sorted(stalls.found, key=lambda it: -it.own)[:_SHOWN]:
            times = (one.late, one.collected, one.own)
            late, collected, own = map(milliseconds, times)
            tell(f"{name}: {late}, collecting {collected}, own {own}: {one.doing}")
    for kind in ("needless", "changed", "attributes"):
        for entity_id, count in figures.still.most(kind, _SHOWN):
            tell(f"nothing moves, but {kind} {count} times: {entity_id}")
    for entity_id, count in figures.living.most("needless", _SHOWN):
        tell(f"for nothing {count} times: {entity_id}")
    good = True
    for goal, measured, holds in figures.verdicts():
        tell(f"{'good' if holds else 'MISSED':<8}{goal}: {measured}")
        good = good and holds
    return good


async def run(options: argparse.Namespace) -> int:
    """Measure, write the page and say whether it is good."""
    folder = options.folder or Path(tempfile.mkdtemp(prefix="home-energy-scale-"))
    plan = Plan(
        minutes=options.minutes,
        still=options.still,
        machine=options.machine,
        folder=folder,
    )
    try:
        figures = await measure(plan)
    finally:
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    write_page(figures, options.page)
    return 0 if show(figures) else 1


def main() -> int:
    """Measure; 1 if it is not good enough or could not be measured."""
    options = arguments()
    try:
        return asyncio.run(interruptible(run(options)))
    except (DemoError, ClientError) as err:
        print(f"benchmark: {err}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
