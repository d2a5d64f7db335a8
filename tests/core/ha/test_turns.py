"""Entries that are set up at once add their entities one after the other."""

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import Any
from unittest.mock import patch

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from core.ha import turns

PLATFORMS = [Platform.SENSOR]


class Forwards:
    """What Home Assistant does for an entry takes as long as is said."""

    def __init__(self) -> None:
        self.running: set[str] = set()
        self.most = 0
        self.done: list[str] = []
        self.waits: dict[str, asyncio.Event] = {}

    async def forward(self, entry: Any, platforms: Iterable[Platform]) -> None:
        assert platforms == PLATFORMS
        self.running.add(entry.title)
        self.most = max(self.most, len(self.running))
        try:
            await asyncio.sleep(0)
            if entry.title in self.waits:
                await self.waits[entry.title].wait()
            if entry.title == "bad":
                raise ValueError("bad")
            self.done.append(entry.title)
        finally:
            self.running.discard(entry.title)

    def hang(self, title: str) -> None:
        self.waits[title] = asyncio.Event()


@pytest.fixture
def forwards(hass: HomeAssistant) -> Any:
    made = Forwards()
    with patch.object(hass.config_entries, "async_forward_entry_setups", made.forward):
        yield made


def begin(hass: HomeAssistant, title: str) -> asyncio.Task[None]:
    entry = MockConfigEntry(title=title)
    return asyncio.create_task(turns.async_forward(hass, entry, PLATFORMS))


async def test_one_after_the_other(hass: HomeAssistant, forwards: Forwards) -> None:
    await asyncio.gather(*(begin(hass, str(number)) for number in range(5)))
    assert forwards.done == ["0", "1", "2", "3", "4"]
    assert forwards.most == 1


async def test_others_come_round_between_them(
    hass: HomeAssistant, forwards: Forwards
) -> None:
    """What adds entities does not pause by itself."""
    order: list[str] = []

    async def quick(entry: Any, _platforms: Iterable[Platform]) -> None:
        order.append(entry.title)

    async def tick() -> None:
        for _ in range(20):
            order.append("tick")
            await asyncio.sleep(0)

    with patch.object(hass.config_entries, "async_forward_entry_setups", quick):
        await asyncio.gather(*(begin(hass, title) for title in "ab"), tick())
    first, second = order.index("a"), order.index("b")
    assert "tick" in order[first:second]


@pytest.mark.parametrize("end", ["error", "cancelled"])
async def test_a_failure_passes_the_turn_on(
    hass: HomeAssistant, forwards: Forwards, end: str
) -> None:
    failing = begin(hass, "bad" if end == "error" else "gone")
    forwards.hang("gone")
    await asyncio.sleep(0)
    if end == "cancelled":
        failing.cancel()
    after = begin(hass, "after")
    with pytest.raises(ValueError if end == "error" else asyncio.CancelledError):
        await failing
    await after
    assert forwards.done == ["after"]


async def test_one_that_hangs_is_not_waited_for(
    hass: HomeAssistant, forwards: Forwards, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its turn is passed on once, and not again when it ends in the end."""
    monkeypatch.setattr(turns, "_LONGEST", 0.02)
    forwards.hang("hangs")
    forwards.hang("slow")
    hanging = begin(hass, "hangs")
    slow, after = begin(hass, "slow"), begin(hass, "after")
    await asyncio.sleep(0.03)
    assert forwards.running >= {"hangs", "slow"}
    forwards.waits["hangs"].set()
    await hanging
    assert forwards.done == ["hangs"]  # the turn is the slow one's, until it hangs too
    await after
    assert forwards.done == ["hangs", "after"]
    forwards.waits["slow"].set()
    await slow


async def test_work_of_one_moment_is_done_in_rounds(hass: HomeAssistant) -> None:
    done: list[str] = []

    def work(name: str) -> None:
        done.append(name)
        if name == "bad":
            raise ValueError("bad")

    turns.async_in_turn(hass, lambda: work("a"))
    assert done == ["a"]
    for name in ("b", "c"):
        turns.async_in_turn(hass, partial(work, name))
    assert done == ["a"]
    for count in (2, 3):
        await asyncio.sleep(0)
        assert len(done) == count
    await asyncio.sleep(0)
    with pytest.raises(ValueError, match="bad"):
        turns.async_in_turn(hass, lambda: work("bad"))
    turns.async_in_turn(hass, lambda: work("after"))
    assert done == ["a", "b", "c", "bad"]
    await asyncio.sleep(0)
    assert done[-1] == "after"
