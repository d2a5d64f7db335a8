"""A hybrid of Sungrow that takes orders; there are no entities."""

import pytest

from tests.sungrow_energy.orders.conftest import bare, room

# Fixtures that this folder's tests use too
__all__ = ["bare", "room"]


@pytest.fixture(autouse=True)
def led(bare: None) -> None:
    """Without entities a test takes half the time."""
