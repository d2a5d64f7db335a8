"""The process dies at any point of a refresh; the next start has lost nothing.

Real processes, killed by SIGKILL, with the real files (reference sections 2.2, 10.4).
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path
import random
from typing import Any

import pytest
from pytest_socket import socket_allow_hosts

from simulator.sungrow import SungrowSimulator

from .conftest import entry_data
from .refresh_child import POINTS, Start, nearly_over, run

_PATIENCE, _LOOK = 30.0, 0.005
# Imports Home Assistant once; each process is a fork of it.
_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.sungrow_energy.refresh_child"])

# The server has the new pair, and nobody else has.
LOST = ("rotated", "answered", "before the write", "half written")


@pytest.fixture(autouse=True)
def sungrow(socket_enabled: None) -> None:
    """In real time, and without a Home Assistant of this process."""
    # By which processes are told what to do
    socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)


@pytest.fixture
async def sim(sungrow: None) -> AsyncGenerator[SungrowSimulator]:
    """A simulated cloud in real time."""
    simulator = SungrowSimulator(homes=["hybrid"])
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
def data(sim: SungrowSimulator) -> dict[str, Any]:
    """What the entry holds: its access token lives, but a refresh is due."""
    found = entry_data(sim, "oauth")
    return found | {"token": nearly_over(found["token"])}


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition."""
    for _ in range(round(_PATIENCE / _LOOK)):
        if condition():
            return
        await asyncio.sleep(_LOOK)
    raise TimeoutError


def begin(
    config: Path, data: dict[str, Any], hold_at: str = ""
) -> tuple[BaseProcess, Pipe]:
    """Start a process that uses the tokens."""
    ours, theirs = _FORKS.Pipe()
    process = _FORKS.Process(target=run, args=(str(config), data, theirs, hold_at))
    process.start()
    theirs.close()
    return process, ours


async def killed_at(
    point: str, sim: SungrowSimulator, config: Path, data: dict[str, Any]
) -> None:
    """Start a process and kill it when it comes to a point."""
    process, pipe = begin(config, data, point)
    if point == "rotated":
        await until(lambda: sim.oauth.tokens.refreshes == 1)
    else:
        await until(pipe.poll)
        assert pipe.recv() == point
    process.kill()
    await until(lambda: not process.is_alive())


async def started(config: Path, data: dict[str, Any]) -> Start:
    """Let a process use the tokens to its end."""
    process, pipe = begin(config, data)
    await until(pipe.poll)
    found: Start = pipe.recv()
    await until(lambda: not process.is_alive())
    return found


async def test_every_point_is_passed_by_a_refresh(
    sim: SungrowSimulator, tmp_path: Path, data: dict[str, Any]
) -> None:
    found = await started(tmp_path, data)
    assert tuple(dict.fromkeys(found.passed)) == POINTS
    assert (found.plants, found.refused, found.error) == (1, 0, None)


@pytest.mark.parametrize("point", [*POINTS, "rotated"])
async def test_a_start_after_the_kill_goes_on_or_asks_once(
    point: str, sim: SungrowSimulator, tmp_path: Path, data: dict[str, Any]
) -> None:
    if point == "rotated":
        sim.oauth.latency = 0.5
    await killed_at(point, sim, tmp_path, data)
    sim.oauth.latency = 0.0
    kept = point in {"written", "in use"}
    assert sim.oauth.tokens.refreshes == (1 if kept or point in LOST else 0)

    found = await started(tmp_path, data)
    assert (found.plants, found.error) == (1, None)
    if point in LOST:
        # The old access token is good to its end; people are asked, once
        assert found.access == data["token"]["access_token"]
        assert (found.refused, sim.oauth.tokens.reused) == (1, 1)
        assert found.marked
    else:
        assert found.access != data["token"]["access_token"]
        assert (found.refused, sim.oauth.tokens.reused) == (0, 0)
        assert found.left > 100_000
    assert sim.oauth.tokens.refreshes == 1

    again = await started(tmp_path, data)
    assert (again.access, again.plants) == (found.access, 1)
    assert again.refused == found.refused
    # A grant that is known to be over is not asked for again.
    assert (sim.oauth.tokens.refreshes, sim.oauth.tokens.reused) == (
        1,
        1 if point in LOST else 0,
    )


@pytest.mark.parametrize("seed", range(2))
async def test_a_kill_at_any_moment_never_costs_the_account_unasked(
    seed: int, sim: SungrowSimulator, tmp_path: Path, data: dict[str, Any]
) -> None:
    moments = random.Random(seed)
    for _ in range(4):
        process, _pipe = begin(tmp_path, data)
        await asyncio.sleep(moments.uniform(0.05, 0.3))
        process.kill()
        await until(lambda process=process: not process.is_alive())
    found = await started(tmp_path, data)
    assert (found.plants, found.error) == (1, None)
    assert found.refused == (1 if sim.oauth.tokens.reused else 0)
    assert sim.oauth.tokens.refreshes <= 1
