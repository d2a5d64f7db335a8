"""The folder alone is the whole integration: that is what people copy."""

from pathlib import Path

import pytest

from custom_components.amber_energy.const import DOMAIN
from simulator.amber import AmberSimulator

from ..standalone import set_up_alone


@pytest.fixture(autouse=True)
def amber(socket_enabled: None) -> None:
    """Real time and no Home Assistant in this process."""


@pytest.mark.slow
async def test_folder_alone(tmp_path: Path) -> None:
    """In an empty Home Assistant the dialog appears and leads to readings."""
    sim = AmberSimulator(sites=1)
    await sim.start()
    try:
        seen = await set_up_alone(
            tmp_path,
            DOMAIN,
            [{"token": sim.token, "expert": {"server_url": sim.url}}, None],
        )
    finally:
        await sim.stop()
    assert seen["form"] == "user"
    assert "Amber 3456 General price" in seen["names"]
    assert sim.counters.count("sites") == 1
