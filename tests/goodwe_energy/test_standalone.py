"""The folder alone is the whole integration: that is what people copy."""

from pathlib import Path

import pytest

from custom_components.goodwe_energy.const import DOMAIN
from simulator.goodwe import GoodWeSimulator

from ..standalone import set_up_alone


@pytest.fixture(autouse=True)
def goodwe(socket_enabled: None) -> None:
    """Real time and no Home Assistant in this process."""


@pytest.mark.slow
async def test_folder_alone(tmp_path: Path) -> None:
    """In an empty Home Assistant the dialog appears and leads to readings.

    What devices measure is read right after the start, in the background.
    """
    sim = GoodWeSimulator(homes=["hybrid"])
    await sim.start()
    try:
        seen = await set_up_alone(
            tmp_path,
            DOMAIN,
            [
                {
                    "account": sim.account,
                    "password": sim.password,
                    "region": "auto",
                    "expert": {"server_url": sim.url},
                },
                {"allow_control": False},
            ],
        )
    finally:
        await sim.stop()
    assert seen["form"] == "user"
    assert "Hillcrest Solar Solar power" in seen["names"]
    assert "Inverter 1 Status" in seen["names"]
    assert sim.session.logins.tried == 1
