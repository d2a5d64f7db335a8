"""A device of Growatt that takes orders, led in the way that a test names."""

import pytest

from simulator.growatt import GrowattSimulator

from .ways import WAYS, Way


@pytest.fixture
def way() -> Way:
    """How the device is led: a MIN that has remote control."""
    return "remote"


@pytest.fixture
def homes(way: Way) -> tuple[str, ...]:
    """One home with a device that is led so."""
    return (WAYS[way].home,)


@pytest.fixture
def mode(way: Way) -> str:
    """How the account is reached."""
    return WAYS[way].mode


@pytest.fixture(autouse=True)
def led(bare: None, sim: GrowattSimulator, way: Way) -> None:
    """Whether the model has remote control; there are no entities."""
    for device in sim.devices.values():
        device.switches.vpp = way == "remote"
