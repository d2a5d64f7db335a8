"""docs/benchmarks.md, written anew by each measurement."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from scripts.demolib.folder import ROOT

from .scale_figures import (
    STALL_AFTER,
    STALL_SET_UP,
    Figures,
    Phase,
    Stalls,
    Written,
    milliseconds,
)

PAGE = ROOT / "docs" / "benchmarks.md"
_LONGEST = 5  # stalls that are told one by one
_INTRODUCTION = """\
# Benchmarks: a large home

<!-- Written by scripts/benchmark_scale: do not edit. -->

Nobody has {entries} of these accounts and batteries in one house, but somebody has a small computer. So one Home
Assistant is given {entries} entries of all six vendors with {entities} entities, and is looked at from within: is its
event loop ever held up, does it write what nobody needs, how much memory and processor does it take?

The vendors are this repository's simulators, in a process of their own. Beside it the same Home Assistant without any
of our entries is measured, because not all that happens in it is our doing.

`scripts/benchmark_scale` measures and writes this page; `--help` tells more.

Machine: {machine}. Home Assistant {home_assistant}, Python {python}.
"""
_STALLS = """\
A stall is a time in which the event loop did not come round: nothing else happened in Home Assistant for so long.
*Garbage collection* is Python's: it looks through all objects of the process now and then and stops everything for
that long, whoever's code happens to run. How long depends on how much there is, most of it Home Assistant's own. An
integration that changed its settings would change them for everybody else in the process; ours do not. *Without it* is
what is left of the longest stall after taking garbage collection out, and the time that the loop waited for a processor
although it had something to do: that is code that ran, ours or Home Assistant's.
"""
_WRITES = """\
A poll brings a new document; each entity looks whether it says anything new and only then writes its state. *Changed*
is a state that differs, *attributes* one whose attributes do. *Measured again* is a newer reading of a power, a
temperature and the like that happens to be equal: it is told to Home Assistant (as `state_reported`, which costs no
row of the database), because statistics and integrals over time have to know that it still holds. *For nothing* is a
state that was written although nothing about it was new.
"""


def write_page(figures: Figures, path: Path | None = None) -> None:
    """Write the page."""
    (path or PAGE).write_text(page(figures), encoding="utf-8")


def page(figures: Figures) -> str:
    """Return it."""
    introduction = _INTRODUCTION.format(
        entries=figures.large.entries,
        entities=number(sum(figures.entities.values())),
        machine=figures.machine,
        home_assistant=figures.home_assistant,
        python=figures.python,
    )
    parts = [
        introduction,
        "## Goals\n",
        _goals(figures),
        "## What was set up\n",
        _what(figures),
        "## Time, memory, processor\n",
        _usage(figures),
        "## Stalls of the event loop\n",
        _STALLS,
        _stalls(figures),
        "## What is written\n",
        _WRITES,
        _writes(figures),
    ]
    return "\n".join(parts)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; all columns but the first are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def number(value: float) -> str:
    """Return a whole number as people read it."""
    return f"{value:,.0f}"


def _goals(figures: Figures) -> str:
    return table(
        ("goal", "measured", ""),
        (
            (goal, measured, "reached" if holds else "**missed**")
            for goal, measured, holds in figures.verdicts()
        ),
    ) + _without_collection(figures)


def _without_collection(figures: Figures) -> str:
    """Return what would be left of the stalls if nothing were collected."""
    start, after = figures.large.starting, figures.large.after
    own = [
        milliseconds(stalls.longest_own.own if stalls.longest_own else 0)
        for stalls in (start, after)
    ]
    return (
        "\nPython's garbage collection is in these stalls: it took up to"
        f" {milliseconds(start.longest_collection)} in set-up and up to"
        f" {milliseconds(after.longest_collection)} afterwards. Without it the longest"
        f" would be {own[0]} and {own[1]}; in {after.seconds / 60:.0f} minutes"
        f" afterwards {len(after.own_over(STALL_AFTER))} would be over"
        f" {milliseconds(STALL_AFTER)}.\n"
    )


def _what(figures: Figures) -> str:
    rows = [
        (f"`{domain}`", figures.entries[domain], number(figures.entities[domain]))
        for domain in sorted(figures.entries)
    ]
    total = (
        "all",
        sum(figures.entries.values()),
        number(sum(figures.entities.values())),
    )
    return table(("integration", "entries", "entities in use"), [*rows, total])


def _usage(figures: Figures) -> str:
    def row(name: str, phase: Phase) -> tuple[str, ...]:
        return (
            name,
            f"{phase.loaded:.1f} s",
            f"{phase.started:.1f} s",
            f"{phase.usage.memory / 2**20:.0f} MB",
            f"{phase.usage.cpu_per_hour:.0f} s",
        )

    head = ("", "entries set up", "all entities there", "memory", "processor per hour")
    rows = [
        row("without our entries", figures.alone),
        row(f"with {figures.large.entries} entries", figures.large),
    ]
    minutes = figures.large.usage.seconds / 60
    return table(head, rows) + (
        "\nTimes are from the start of the process, on a configuration in which all has been set up before: what is"
        "\nstill fresh is not asked again. Memory is what is resident, processor that of all threads, over"
        f" {minutes:.0f} minutes.\n"
    )


def _stalls(figures: Figures) -> str:
    phases: list[tuple[str, Stalls, float]] = [
        ("start, without our entries", figures.alone.starting, STALL_SET_UP),
        ("start, with them", figures.large.starting, STALL_SET_UP),
        ("afterwards, without our entries", figures.alone.after, STALL_AFTER),
        ("afterwards, with them", figures.large.after, STALL_AFTER),
    ]
    if figures.adding.seconds:
        phases.insert(2, ("adding them by hand", figures.adding, STALL_SET_UP))
    rows = [
        (
            name,
            f"{stalls.seconds / 60:.1f} min",
            milliseconds(stalls.longest.late if stalls.longest else 0),
            milliseconds(stalls.longest_collection),
            milliseconds(stalls.longest_own.own if stalls.longest_own else 0),
            f"{len(stalls.over(limit))} over {milliseconds(limit)}",
            len(stalls.own_over(limit)),
        )
        for name, stalls, limit in phases
    ]
    head = (
        "",
        "watched",
        "longest",
        "garbage collection",
        "without it",
        "how many",
        "of them without it",
    )
    longest = _longest("set-up", figures.large.starting)
    longest += _longest("the time after it", figures.large.after)
    return table(head, rows) + longest


def _longest(name: str, stalls: Stalls) -> str:
    """Return the longest stalls with what was seen to run in them."""
    found = sorted(stalls.found, key=lambda one: -one.late)[:_LONGEST]
    if not found:
        return ""
    rows = [
        (
            milliseconds(one.late),
            milliseconds(one.collected),
            milliseconds(one.own),
            f"`{one.doing[0]}`" if one.doing else "",
        )
        for one in found
    ]
    head = ("longest", "garbage collection", "without it", "seen to run")
    return f"\nThe longest in {name}:\n\n{table(head, rows)}"


def _writes(figures: Figures) -> str:
    def row(name: str, written: Written) -> tuple[str, ...]:
        kinds = (
            written.changed,
            written.attributes,
            written.measured,
            written.needless,
        )
        return (
            name,
            f"{written.minutes:.0f} min",
            *(number(sum(kind.values())) for kind in kinds),
        )

    rows = [row("daily life", figures.living)]
    if figures.still.minutes:
        rows.append(row("houses in which nothing moves", figures.still))
    head = ("", "watched", "changed", "attributes", "measured again", "for nothing")
    return table(head, rows)
