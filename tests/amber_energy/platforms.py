"""One platform of the integration alone, with all of its entities."""

from collections.abc import Generator
from contextlib import contextmanager
from unittest.mock import PropertyMock, patch

from homeassistant.const import Platform


@contextmanager
def only(platform: Platform, *, all_enabled: bool = True) -> Generator[None]:
    """Set up this platform only, and if wanted also what is disabled by default."""
    with patch("custom_components.amber_energy.PLATFORMS", [platform]):
        if not all_enabled:
            yield
            return
        with patch(
            "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
            PropertyMock(return_value=True),
        ):
            yield
