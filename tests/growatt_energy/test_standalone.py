"""The folder alone is the whole integration: that is what people copy."""

from pathlib import Path

import pytest

from custom_components.growatt_energy.const import DOMAIN
from simulator.growatt import GrowattSimulator

from ..standalone import set_up_alone


@pytest.fixture(autouse=True)
def growatt(socket_enabled: None) -> None:
    """Real time and no Home Assistant in this process."""


@pytest.mark.slow
async def test_folder_alone(tmp_path: Path) -> None:
    """In an empty Home Assistant the dialog appears and leads to readings."""
    sim = GrowattSimulator(homes=1)
    await sim.start()
    try:
        seen = await set_up_alone(
            tmp_path,
            DOMAIN,
            [
                {"next_step_id": "token"},
                {
                    "token": sim.token,
                    "region": "automatic",
                    "expert": {"server_url": sim.url},
                },
            ],
        )
    finally:
        await sim.stop()
    assert seen["form"] == "user"
    assert "Garage battery 1 Battery power" in seen["names"]
    # The dialog's answer is the entry's first one
    assert sim.counters.count("plant/list") == 1
    assert sim.limits.broken == 0
