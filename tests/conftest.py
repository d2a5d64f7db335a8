"""Fixtures for all tests."""

import logging

from hypothesis.internal.conjecture.providers import HypothesisProvider
import pytest
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from syrupy.assertion import SnapshotAssertion

# Before any hass fixture: the test plugin has a package of the same name, which
# would win otherwise, and Home Assistant would find none of ours.
import custom_components  # noqa: F401

from .quick import be_quick, let_stand

# Before it is imported, so that its failures say as much as those of a test module
pytest.register_assert_rewrite("tests.text_tests")

be_quick()

# The test plugin turns on the echo of every statement.
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


def pytest_collection_finish() -> None:
    """All tests are known now."""
    let_stand()


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Keep snapshots beside their tests, as Home Assistant does."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
def enable_event_loop_debug() -> None:
    """Leave the event loop's debug mode off: it doubles the time of every test.

    What it finds is found without it: a coroutine that was never awaited is an error
    by the filter, and the test plugin looks for tasks and timers that linger.
    """


@pytest.fixture(autouse=True)
def same_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the examples depend on the test alone.

    Hypothesis also draws constants that it finds in whatever modules are loaded.
    """
    monkeypatch.setattr(
        HypothesisProvider, "_maybe_draw_constant", lambda *_args, **_kwargs: None
    )
