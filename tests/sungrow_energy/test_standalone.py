"""The folder alone is the whole integration: that is what people copy."""

from pathlib import Path

import pytest

from custom_components.sungrow_energy.const import DOMAIN
from simulator.sungrow import SungrowSimulator

from ..standalone import set_up_alone


@pytest.fixture(autouse=True)
def sungrow(socket_enabled: None) -> None:
    """Real time and no Home Assistant in this process."""


@pytest.mark.slow
async def test_folder_alone(tmp_path: Path) -> None:
    """In an empty Home Assistant the dialog appears and leads to readings."""
    sim = SungrowSimulator(homes=["hybrid"])
    await sim.start()
    try:
        seen = await set_up_alone(
            tmp_path,
            DOMAIN,
            [
                {"next_step_id": "login"},
                {
                    "region": "eu",
                    "app_key": sim.app_key,
                    "secret": sim.secret,
                    "user_name": sim.user_name,
                    "password": sim.password,
                    "expert": {"server_url": sim.url},
                },
            ],
        )
    finally:
        await sim.stop()
    assert seen["form"] == "user"
    assert "SH10RT Battery" in seen["names"]
    assert "Home PV power" in seen["names"]
    assert sim.login.attempts == 1
    assert sim.quota.broken == 0
