"""scripts/benchmark_scale: its parts; what it measures takes half an hour."""

import asyncio
import gc
import json
import os
from pathlib import Path
import sys
import time
from typing import Any

import pytest

from scripts.benchlib import scale_houses as houses
from scripts.benchlib.scale import arguments, machine, show
from scripts.benchlib.scale_figures import (
    Figures,
    Phase,
    Stall,
    Stalls,
    Usage,
    Written,
    split,
)
from scripts.benchlib.scale_home import cpu_seconds, resident
from scripts.benchlib.scale_page import page, write_page
from scripts.benchlib.scale_probe.stalls import Stalls as Watch, told
from simulator.sonnen import SonnenSimulator


def stall(late: float, *, collected: float = 0.0, busy: float | None = None) -> Stall:
    return Stall(
        at=100.0,
        late=late,
        collected=collected,
        generation=2 if collected else -1,
        busy=late if busy is None else busy,
        doing=("core.py:async_set",),
    )


def phase(*, starting: tuple[Stall, ...] = (), after: tuple[Stall, ...] = ()) -> Phase:
    return Phase(
        entries=50,
        states=5200,
        objects=1_000_000,
        loaded=11.5,
        started=12.25,
        starting=Stalls(seconds=10, found=starting),
        after=Stalls(seconds=600, found=after),
        usage=Usage(seconds=600, cpu=30, memory=400 * 2**20),
    )


def figures(large: Phase, still: Written | None = None) -> Figures:
    return Figures(
        machine="2 cores (x86_64), 8 GB",
        home_assistant="2026.10.4",
        python="3.14.8",
        alone=phase(),
        large=large,
        adding=Stalls(seconds=120),
        entities={"amber_energy": 200, "sonnen_energy": 5000},
        entries={"amber_energy": 9, "sonnen_energy": 41},
        living=Written(minutes=10, changed={"sensor.power": 5}),
        still=still or Written(minutes=6, measured={"sensor.power": 7}),
    )


def test_the_command_line() -> None:
    options = arguments([])
    assert (options.minutes, options.still, options.page) == (10, 6, None)
    assert options.machine == machine()
    options = arguments(["--minutes", "2", "--still", "0", "--machine", "two cores"])
    assert (options.minutes, options.still, options.machine) == (2, 0, "two cores")
    with pytest.raises(SystemExit):
        arguments(["--minutes", "many"])


def test_collections_and_waiting_are_told_from_what_runs() -> None:
    assert stall(0.3, collected=0.25).own == pytest.approx(0.05)
    assert stall(0.3, busy=0.02).own == pytest.approx(0.02)
    assert stall(0.3, collected=0.1, busy=0.02).own == pytest.approx(0.02)
    assert stall(0.3, collected=0.31).own == 0
    found = Stalls(
        seconds=60, found=(stall(0.3, collected=0.25), stall(0.15), stall(0.02))
    )
    assert [one.late for one in found.over(0.1)] == [0.3, 0.15]
    assert [one.late for one in found.own_over(0.1)] == [0.15]
    assert found.longest == found.found[0]
    assert found.longest_own == found.found[1]
    assert found.longest_collection == 0.25
    nothing = Stalls(seconds=60)
    assert (nothing.longest, nothing.longest_own) == (None, None)
    assert nothing.longest_collection == 0


def test_stalls_are_split_where_the_set_up_ends() -> None:
    told_by_probe = [
        {
            "at": at,
            "late": 0.1,
            "collected": 0.0,
            "generation": -1,
            "busy": 0.1,
            "doing": [["a", 3], ["b", 1]],
        }
        for at in (9.0, 10.0, 11.0)
    ]
    before, after = split(told_by_probe, 10.0)
    assert [one.at for one in before] == [9.0, 10.0]
    assert [one.at for one in after] == [11.0]
    assert after[0].doing == ("a", "b")


def test_usage_is_told_per_hour() -> None:
    assert Usage(seconds=600, cpu=30, memory=0).cpu_per_hour == 180
    assert Usage(seconds=0, cpu=0, memory=0).cpu_per_hour == 0


def test_what_was_written_is_taken_from_the_probe() -> None:
    written = Written.of(
        {
            "began": 100,
            "ended": 700,
            "writes": {
                "changed": {"sensor.a": 1, "sensor.b": 3},
                "attributes": {},
                "measured": {"sensor.a": 2},
                "needless": {},
            },
        }
    )
    assert written.minutes == 10
    assert written.most("changed", 1) == [("sensor.b", 3)]


@pytest.mark.parametrize(
    ("large", "still", "missed"),
    [
        (phase(), None, []),
        (phase(starting=(stall(0.21),)), None, [1]),
        (phase(after=(stall(0.021),)), None, [2]),
        (phase(), Written(minutes=6, needless={"sensor.a": 1}), [3]),
    ],
)
def test_a_missed_goal_is_seen(
    large: Phase, still: Written | None, missed: list[int]
) -> None:
    measured = figures(large, still)
    verdicts = [holds for _, _, holds in measured.verdicts()]
    assert [place for place, holds in enumerate(verdicts) if not holds] == missed
    lines: list[str] = []
    assert show(measured, lines.append) is (not missed)
    assert page(measured).count("**missed**") == len(missed)


def test_what_was_not_measured_is_no_goal() -> None:
    assert len(figures(phase()).verdicts()) == 4
    assert len(figures(phase(), Written(minutes=0)).verdicts()) == 3


def test_the_page_has_all_figures(tmp_path: Path) -> None:
    large = phase(starting=(stall(0.42, collected=0.384),), after=(stall(0.018),))
    write_page(figures(large), tmp_path / "page.md")
    text = (tmp_path / "page.md").read_text(encoding="utf-8")
    for figure in (
        "2 cores (x86_64), 8 GB",
        "2026.10.4",
        "5,200 entities",
        "12.2 s",
        "420 ms",
        "384 ms",
        "18 ms",
        "400 MB",
        "180 s",
        "`core.py:async_set`",
    ):
        assert figure in text
    assert "do not edit" in text


def test_fifty_entries_lead_to_the_simulators() -> None:
    assert (
        houses.ALPHAESS
        + houses.SONNEN
        + houses.AMBER * houses.SITES
        + houses.GROWATT
        + houses.SUNGROW
        + houses.GOODWE
    ) == 50


def test_what_leads_to_a_simulator() -> None:
    def entry(url: str) -> dict[str, Any]:
        return {"user": {"url": url}}

    def urls(ports: int, entries: int) -> list[str]:
        one = houses.Served(
            domain="sonnen_energy",
            simulator=simulator,
            entries=(entry,) * entries,
            ports=ports,
        )
        told_of = json.loads(one.told(9000, "127.0.0.1"))
        assert told_of["houses"] == "http://127.0.0.1:9000"
        return [answers["user"]["url"] for answers in told_of["entries"]]

    simulator = SonnenSimulator(batteries=1)
    assert urls(2, 2) == ["http://127.0.0.1:9000", "http://127.0.0.1:9001"]
    assert urls(1, 2) == ["http://127.0.0.1:9000"] * 2
    assert urls(2, 1) == ["http://127.0.0.1:9000"]


async def test_the_probe_sees_a_stall_and_what_it_was() -> None:
    watch = Watch()
    watch.start(asyncio.get_running_loop())
    try:
        await asyncio.sleep(0.02)
        watch.found.clear()
        time.sleep(0.08)  # noqa: ASYNC251 - to be seen
        await asyncio.sleep(0.02)
        (slept,) = [one for one in watch.found if one["late"] > 0.06]
        assert slept["busy"] < 0.06
        assert slept["doing"][0][0].endswith(
            "test_the_probe_sees_a_stall_and_what_it_was"
        )
        watch.excuse()
        time.sleep(0.08)  # noqa: ASYNC251 - not to be seen
        watch.found.clear()
        await asyncio.sleep(0.02)
        assert not [one for one in watch.found if one["late"] > 0.06]
    finally:
        watch.stop()
    assert not [one for one in gc.callbacks if getattr(one, "__self__", 0) is watch]


def test_what_runs_is_told_by_module_and_integration() -> None:
    assert told(None) == "nothing"
    here = told(sys._getframe())
    assert here.endswith(":test_what_runs_is_told_by_module_and_integration")


def test_this_process_has_memory_and_time() -> None:
    pid = os.getpid()
    assert resident(pid) > 2**20
    assert cpu_seconds(pid) > 0
