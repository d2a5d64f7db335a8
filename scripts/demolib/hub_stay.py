"""scripts/demo --hacs: a Home Assistant into which HACS has put the bundle just now."""

import asyncio
from pathlib import Path

from .folder import Demo
from .hass import Hass
from .hub_folder import build_hub, prepare_with_hub
from .hub_guide import guide
from .runner import (
    Beginning,
    Running,
    tell_address,
    tell_simulators,
    wait_for_end,
)
from .sim import prepare_simulator
from .vendors import VENDORS

WHAT_TO_DO = """
  Settings > Devices & services > Add integration > Home Energy Bundle: tick the vendors.
  Each can be added at once. What the simulators expect (leave the rest as it is):
"""
UPDATE = """
  The next start installs the bundle anew as it is in this checkout then, like an update.
"""


async def prepare_houses(_hass: Hass, demo: Demo) -> None:
    """Has the simulators be as the demo begins with them; the rest is the user's."""
    await asyncio.gather(*(prepare_simulator(demo, vendor) for vendor in VENDORS))


def begin_with_hub(archive: Path) -> Beginning:
    """Returns how a demo begins that has nothing but the extracted zip."""
    return Beginning(
        prepare=lambda demo: prepare_with_hub(demo, archive),
        set_up=prepare_houses,
        debug=True,
    )


def begin_with_checkout(demo: Demo) -> Beginning:
    """Builds the checkout's release first."""
    return begin_with_hub(build_hub(demo.folder / "dist"))


async def stay_with_hub(running: Running) -> None:
    """Tells what to do and waits until Home Assistant ends."""
    tell_address(running.demo)
    print(WHAT_TO_DO)
    for line in guide(running.demo):
        print(f"    {line}")
    print(UPDATE)
    tell_simulators(running.demo)
    print("  Ctrl-C ends it\n", flush=True)
    await wait_for_end(running)
