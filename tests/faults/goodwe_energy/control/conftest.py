"""A hybrid of GoodWe that takes orders; there are no entities."""

import pytest

from tests.goodwe_energy.orders.conftest import bare, homes, room

# Fixtures that this folder's tests use too
__all__ = ["bare", "homes", "room"]


@pytest.fixture(autouse=True)
def led(bare: None) -> None:
    """Without entities a test takes half the time."""
