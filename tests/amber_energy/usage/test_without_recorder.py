"""Usage without a recorder: sensors work, there are no statistics."""

from datetime import UTC, datetime

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy.const import DOMAIN
from tests.amber_energy.conftest import set_up


@pytest.fixture
def start_time() -> datetime:
    """Evening in Sydney."""
    return datetime(2026, 10, 7, 9, 2, tzinfo=UTC)


async def test_days_are_known(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """The past is not asked for: there is nowhere to bring it."""
    assert "recorder" not in hass.config.components
    await set_up(hass, entry)
    usage = entry.runtime_data.usage
    assert usage.status == "up_to_date"
    assert usage.history.progress is None


@pytest.mark.parametrize("action", ["import_usage", "import_history"])
async def test_imports_are_refused(
    hass: HomeAssistant, entry: MockConfigEntry, action: str
) -> None:
    """With a text that says what is missing."""
    await set_up(hass, entry)
    data = {"config_entry_id": entry.entry_id, "start": "2026-10-01"}
    if action == "import_usage":
        data["end"] = "2026-10-02"
    with pytest.raises(ServiceValidationError) as err:
        await hass.services.async_call(DOMAIN, action, data, blocking=True)
    assert err.value.translation_key == "no_recorder"
