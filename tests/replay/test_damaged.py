"""A download that somebody has changed is played back, or it is said why not."""

import copy
import json
from pathlib import Path
import random
from typing import Any

import pytest

from simulator.replay import RecordingError
from simulator.replay.play import play
from simulator.replay.recording import recording

from .room import Room
from .vendor import Case
from .vendors import ALPHAESS, AMBER, GOODWE, GROWATT, SONNEN, SUNGROW

CASES = (
    Case(ALPHAESS, 1),
    Case(AMBER, 0),
    Case(GOODWE, ("charger",)),
    Case(GROWATT, ("MIN",), "token"),
    Case(GROWATT, ("SPH",), "login"),
    Case(SONNEN, 0),
    Case(SUNGROW, ("hybrid",), "oauth"),
)
_TRIES = 150
_ODD: tuple[Any, ...] = (None, "", "x", "**x**", [], {}, [5], {"a": 5}, -1, 1e308, True)

type _Place = tuple[dict[str, Any] | list[Any], Any]


def places(value: Any) -> list[_Place]:
    """Return where something stands in a document, also deep inside."""
    items: list[Any] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    found: list[_Place] = [(value, key) for key, _ in items]
    for _, item in items:
        found += places(item)
    return found


def damaged(file: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """Return a copy in which something is missing, or something else."""
    file = copy.deepcopy(file)
    for _ in range(dice.choice((1, 1, 5))):
        holder, key = dice.choice(places(file))
        if dice.random() < 0.3 and isinstance(holder, dict):
            del holder[key]
        else:
            holder[key] = copy.deepcopy(dice.choice(_ODD))
    return file


def read(path: Path) -> dict[str, Any]:
    """Return what can be changed of a download."""
    file = json.loads(path.read_text(encoding="utf-8"))
    wanted = ("home_assistant", "integration_manifest", "data")
    return {name: file[name] for name in wanted}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_damaged_files(room: Room, sim: Any, case: Case) -> None:
    await room.record(sim, case.mode)
    file, dice = read(room.path), random.Random(1)
    told: list[str] = []
    for _ in range(_TRIES):
        try:
            play(recording(damaged(file, dice)))
        except RecordingError as err:
            told.append(str(err))
    assert 3 < len(told) < _TRIES
    assert not any("\n" in text or len(text) > 300 for text in told)
