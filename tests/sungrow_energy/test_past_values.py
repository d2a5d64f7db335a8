"""Past values of a device as its points have them (reference section 7)."""

from datetime import UTC, date
from types import SimpleNamespace
from typing import Any

import pytest

from custom_components.sungrow_energy.past_values import PastValues
from custom_components.sungrow_energy.points import HOME_MANAGER_TYPE
from custom_components.sungrow_energy.resolution import Resolution

PLANT = SimpleNamespace(zone=UTC)


@pytest.fixture(autouse=True)
def sungrow() -> None:
    """Home Assistant is not needed here."""


class Client:
    """Notes which device type it was asked about."""

    def __init__(self) -> None:
        self.types: set[Any] = set()

    async def minute_history(
        self, *_: Any, device_type: Any, **__: Any
    ) -> dict[str, Any]:
        self.types.add(device_type)
        return {}

    period_history = minute_history


@pytest.mark.parametrize("resolution", [Resolution.HOUR, Resolution.DAY])
async def test_a_home_manager_is_asked_by_its_own_type(
    resolution: Resolution,
) -> None:
    """The number that stands for it is only ours."""
    client: Any = Client()
    device: Any = SimpleNamespace(
        ps_key="5_61_1_1", type=HOME_MANAGER_TYPE, plant=PLANT
    )
    day = date(2026, 9, 1)
    await PastValues(client, device).read(day, day, resolution)
    assert client.types == {61}
