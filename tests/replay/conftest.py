"""What every playback needs."""

from collections.abc import Generator
from unittest.mock import PropertyMock, patch

import pytest


@pytest.fixture
def all_enabled() -> Generator[None]:
    """Have all entities, also those that are disabled by default."""
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        PropertyMock(return_value=True),
    ):
        yield
