"""Which of the app's paths knows a balcony storage (reference section 3.F)."""

from typing import Any
from unittest.mock import AsyncMock

import pytest

from custom_components.growatt_energy._vendor.core.client.errors import (
    ApiError,
    MaintenanceError,
    UnsupportedError,
)
from custom_components.growatt_energy.sources.identity import Remembered
from custom_components.growatt_energy.sources.noah_info import is_nexa, noah_info

SETTINGS = {"defaultPower": "200"}
NO = UnsupportedError("no")


def client(noah: Any, nexa: Any) -> AsyncMock:
    """Return who answers with a document or an error."""
    asked = AsyncMock()
    asked.noah_info.side_effect = [noah]
    asked.nexa_info.side_effect = [nexa]
    return asked


@pytest.mark.parametrize("nothing", [{}, NO])
@pytest.mark.parametrize("document", [{"noah": SETTINGS}, {"nexa": SETTINGS}, SETTINGS])
async def test_the_path_that_knows_it_is_kept(nothing: Any, document: Any) -> None:
    """However it is wrapped; the other one is asked no more."""
    kept = Remembered()
    assert await noah_info(client(nothing, document), kept, "N1") == SETTINGS
    assert is_nexa(kept, "N1")
    asked = client(nothing, document)
    assert await noah_info(asked, kept, "N1") == SETTINGS
    asked.noah_info.assert_not_awaited()
    assert await noah_info(client(document, nothing), kept, "N1") == SETTINGS
    assert not is_nexa(kept, "N1")


async def test_what_neither_knows_has_no_settings() -> None:
    assert await noah_info(client({}, {}), Remembered(), "N1") == {}


@pytest.mark.parametrize(
    ("noah", "nexa", "error"),
    [
        (NO, {}, UnsupportedError),
        ({}, NO, UnsupportedError),
        (MaintenanceError("later"), {"nexa": SETTINGS}, MaintenanceError),
    ],
)
async def test_an_error_is_told(noah: Any, nexa: Any, error: type[ApiError]) -> None:
    """One that goes over says nothing of the path."""
    kept = Remembered()
    with pytest.raises(error):
        await noah_info(client(noah, nexa), kept, "N1")
    assert not is_nexa(kept, "N1")
