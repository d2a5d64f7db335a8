"""Some platforms of the integration alone, with all of their entities if wanted."""

from collections.abc import Generator
from contextlib import contextmanager
from unittest.mock import PropertyMock, patch

from homeassistant.const import Platform


@contextmanager
def only(*platforms: Platform, all_enabled: bool = True) -> Generator[None]:
    """Set up these platforms only, and if wanted also what is disabled by default."""
    with patch("custom_components.goodwe_energy.PLATFORMS", list(platforms)):
        if not all_enabled:
            yield
            return
        with patch(
            "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
            PropertyMock(return_value=True),
        ):
            yield
