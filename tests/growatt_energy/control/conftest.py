"""Home Assistant is not needed here."""

import pytest


@pytest.fixture(autouse=True)
def growatt() -> None:
    """Nothing of the real Home Assistant of the other tests."""
