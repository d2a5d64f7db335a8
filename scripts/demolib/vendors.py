"""The vendors of the demo: adding one is one entry here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

type Answers = Mapping[str, Mapping[str, Any]]  # input by step of a flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """How the demo sets up one vendor's integration on its simulator."""

    domain: str
    name: str
    simulator: str  # the vendor's name on the simulator's command line
    answers: Callable[[str], Answers]  # from the simulator's address
    options: Answers  # input of the options flow, {} for none
    counters: str  # suffix of the keys of its energy counters: today or total
    least_entities: int  # enabled ones that a working set-up has at least
    homes: tuple[str, ...]  # what the user calls the simulated homes, by serial
    history: bool  # has the action import_history


def alphaess_answers(simulator: str) -> Answers:
    """Returns the input of AlphaESS's config flow."""
    return {
        "user": {
            "app_id": "alpha0123456789abcdef",
            "app_secret": "0123456789abcdef0123456789abcdef",
            "expert": {"server_url": f"{simulator}/api"},
        }
    }


VENDORS = (
    Vendor(
        domain="alphaess_energy",
        name="AlphaESS",
        simulator="alphaess",
        answers=alphaess_answers,
        options={
            "init": {"next_step_id": "settings"},
            "settings": {"live_interval": 10, "history_days": 0},
        },
        counters="today",
        least_entities=60,
        homes=("Family house", "Workshop"),
        history=True,
    ),
)
