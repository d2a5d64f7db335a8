"""Whatever happens to a vendor's battery, it comes back (design section 8)."""

from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
import pytest

from .benches import BY_NAME
from .conftest import START
from .lives import lives_of
from .sonnen import Sonnen

_SETTINGS = settings(
    stateful_step_count=8,
    deadline=None,
    database=None,
    derandomize=True,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize(
    ("name", "examples"),
    [
        ("alphaess-legacy", 20),
        ("alphaess-periodic", 20),
        ("growatt-min", 15),
        ("growatt-min-remote", 15),
        ("growatt-sph", 15),
        ("growatt-spa-login", 10),
        ("sonnen", 60),
        ("sungrow-hybrid", 10),
        ("goodwe-v3", 8),
        ("goodwe-v1", 8),
    ],
)
@pytest.mark.usefixtures("socket_enabled")
def test_a_device_comes_back_whatever_happens(name: str, examples: int) -> None:
    run_state_machine_as_test(
        lives_of(BY_NAME[name], START),
        settings=settings(_SETTINGS, max_examples=examples),
    )


@pytest.mark.usefixtures("socket_enabled")
def test_a_put_back_that_forgets_a_key_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = BY_NAME["sonnen"]
    lease = Sonnen.words.Lease
    undone = lease.undone

    def forgetful(self: Any, now: Any) -> dict[str, Any]:
        return {k: v for k, v in undone(self, now).items() if k != "reserve"}

    monkeypatch.setattr(lease, "undone", forgetful)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            lives_of(entry, START),
            settings=settings(_SETTINGS, max_examples=40, phases=[Phase.generate]),
        )
