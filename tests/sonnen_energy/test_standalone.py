"""The folder alone is the whole integration: that is what people copy."""

from pathlib import Path

import pytest

from custom_components.sonnen_energy.const import DOMAIN
from simulator.sonnen import SonnenSimulator

from ..standalone import set_up_alone
from .flows import typed


@pytest.fixture(autouse=True)
def sonnen(socket_enabled: None) -> None:
    """Real time and no Home Assistant in this process."""


@pytest.mark.slow
async def test_folder_alone(tmp_path: Path) -> None:
    """In an empty Home Assistant the dialog appears and leads to readings."""
    sim = SonnenSimulator(batteries=1)
    await sim.start()
    try:
        seen = await set_up_alone(tmp_path, DOMAIN, [typed(sim.batteries[0])])
    finally:
        await sim.stop()
    assert seen["form"] == "user"
    assert "sonnenBatterie Battery mode" in seen["names"]
    assert "sonnenBatterie Battery power" in seen["names"]
