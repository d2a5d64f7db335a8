"""The folder alone is the whole integration: that is what people copy."""

from pathlib import Path

import pytest

from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import APP_ID, APP_SECRET, AlphaEssSimulator

from ..standalone import set_up_alone


@pytest.fixture(autouse=True)
def alphaess(socket_enabled: None) -> None:
    """Real time and no Home Assistant in this process."""


@pytest.mark.slow
async def test_folder_alone(tmp_path: Path) -> None:
    """In an empty Home Assistant the dialog appears and leads to readings."""
    sim = AlphaEssSimulator(homes=1)
    await sim.start()
    try:
        seen = await set_up_alone(
            tmp_path,
            DOMAIN,
            [
                {
                    "app_id": APP_ID,
                    "app_secret": APP_SECRET,
                    "expert": {"server_url": sim.url},
                }
            ],
        )
    finally:
        await sim.stop()
    assert seen["form"] == "user"
    assert "AlphaESS SMILE5-INV Battery power" in seen["names"]
    assert sim.counters.count("getEssList") == 1
