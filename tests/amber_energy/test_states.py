"""Which state a distributor belongs to (amber.md 3.6)."""

import pytest

from custom_components.amber_energy.states import STATES, suggest_state


@pytest.fixture(autouse=True)
def amber() -> None:
    """Home Assistant is not needed here."""


@pytest.mark.parametrize(
    ("state", "networks"),
    [
        ("nsw", "Ausgrid,Endeavour Energy,ESSENTIAL,Evoenergy (ACT)"),
        ("qld", "Energex,Ergon Energy"),
        ("sa", "SA Power Networks,SA  POWER,SAPN"),
        ("vic", "CitiPower,Powercor,United Energy,Jemena,AusNet Services"),
        (None, "TasNetworks,Western Power,,  ,Somewhere"),
    ],
)
def test_networks(state: str | None, networks: str) -> None:
    for network in networks.split(","):
        assert suggest_state(network) == state, network
    assert state is None or state in STATES


def test_no_network() -> None:
    assert suggest_state(None) is None
