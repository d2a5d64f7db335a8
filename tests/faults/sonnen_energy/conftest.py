"""The sonnenBatterie integration on its simulator, and what the tests look at."""

from collections.abc import Callable

import pytest

from tests.sonnen_energy.conftest import (  # noqa: F401
    batteries,
    battery,
    entry,
    quick_sleep,
    sim,
    sonnen,
    start_time,
    step,
)
from tests.sonnen_energy.orders.conftest import room  # noqa: F401

OURS = "custom_components.sonnen_energy"


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Return what our code has logged at WARNING or above."""

    def collect() -> list[str]:
        return [
            record.getMessage()
            for record in caplog.records
            if record.levelname in {"WARNING", "ERROR", "CRITICAL"}
            and record.name.startswith(OURS)
        ]

    return collect
