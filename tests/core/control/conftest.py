"""A world around one manager."""

from collections.abc import AsyncGenerator

import pytest

from .fakes import World


@pytest.fixture
async def world() -> AsyncGenerator[World]:
    """One device, one disk, one manager; nothing runs on after the test."""
    made = World()
    yield made
    made.kill()
    assert made.device.complaints == []
