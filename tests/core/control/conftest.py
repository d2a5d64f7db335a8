"""A world around one manager."""

from collections.abc import AsyncGenerator

from hypothesis.internal.conjecture.providers import HypothesisProvider
import pytest

from .fakes import World


@pytest.fixture
async def world() -> AsyncGenerator[World]:
    """One device, one disk, one manager; nothing runs on after the test."""
    made = World()
    yield made
    made.kill()
    assert made.device.complaints == []


@pytest.fixture
def same_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the examples depend on the test alone.

    Hypothesis also draws constants that it finds in whatever modules are loaded.
    """
    monkeypatch.setattr(
        HypothesisProvider, "_maybe_draw_constant", lambda *_args, **_kwargs: None
    )
