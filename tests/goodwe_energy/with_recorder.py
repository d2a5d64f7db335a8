"""Fixtures for tests that need statistics: import both of them into a module."""

import pytest


@pytest.fixture
def mock_recorder_before_hass(async_test_recorder: object) -> None:
    """Have a recorder before there is a Home Assistant."""


@pytest.fixture(autouse=True)
def goodwe(
    recorder_mock: object,
    enable_custom_integrations: None,
    socket_enabled: None,
    quick_sleep: None,
) -> None:
    """What every test of the integration needs, with the recorder in its place."""
