"""Entries take turns at what takes long, with pauses for everybody else."""

import asyncio
from collections import deque
from collections.abc import Iterable

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

# For all vendors together, each of which has its own copy of this module
_TURNS: HassKey[asyncio.Lock] = HassKey("home_energy_bundle.turns")
_WAITING: HassKey[deque[CALLBACK_TYPE]] = HassKey("home_energy_bundle.waiting")
# Seconds until others do not wait any more for one that hangs
_LONGEST = 2.0


async def async_forward(
    hass: HomeAssistant, entry: ConfigEntry, platforms: Iterable[Platform]
) -> None:
    """Set up an entry's platforms while no other entry does.

    Adding a hundred entities takes a tenth of a second in which nothing else happens.
    At a start many entries get there at once, as what they wait for is on the disk.
    """
    turns = hass.data.setdefault(_TURNS, asyncio.Lock())
    await turns.acquire()
    ours = True

    def pass_on() -> None:
        nonlocal ours
        if ours:
            ours = False
            turns.release()

    hanging = hass.loop.call_later(_LONGEST, pass_on)
    try:
        await hass.config_entries.async_forward_entry_setups(entry, platforms)
        await asyncio.sleep(0)
    finally:
        hanging.cancel()
        pass_on()


@callback
def async_in_turn(hass: HomeAssistant, work: CALLBACK_TYPE) -> None:
    """Do some work now, unless another did so in this round of the event loop.

    Then it is done in the next free one: prices of all sites change in the same moment.
    """
    waiting = hass.data.setdefault(_WAITING, deque())
    waiting.append(work)
    if len(waiting) == 1:
        _work(hass, waiting)


def _work(hass: HomeAssistant, waiting: deque[CALLBACK_TYPE]) -> None:
    try:
        waiting[0]()
    finally:
        hass.loop.call_soon(_next, hass, waiting)


def _next(hass: HomeAssistant, waiting: deque[CALLBACK_TYPE]) -> None:
    waiting.popleft()
    if waiting:
        _work(hass, waiting)
