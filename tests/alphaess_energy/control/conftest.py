"""Home Assistant is not needed here."""

import pytest


@pytest.fixture(autouse=True)
def alphaess() -> None:
    """Nothing of the real Home Assistant of the other tests."""
