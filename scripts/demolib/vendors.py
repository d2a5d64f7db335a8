"""The vendors of the demo: adding one is one entry here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

type Answers = Mapping[str, Mapping[str, Any]]  # input by step of a flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """How a vendor's batteries are controlled in the demo, seen from the simulator."""

    quick: Mapping[str, Any]  # a system's switches that make it react in seconds
    poll: float  # s between two looks of the integration at what a battery does
    stored: Callable[[Any], Any]  # a system's settings in the simulator's own words
    writes: tuple[str, ...]  # globs on the endpoints that change them
    unreadable: tuple[str, ...]  # keys of switches that are unknown until set; all off


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
    control: Control | None  # None if it has no battery to control


def alphaess_answers(simulator: str) -> Answers:
    """Returns the input of AlphaESS's config flow."""
    return {
        "user": {
            "app_id": "alpha0123456789abcdef",
            "app_secret": "0123456789abcdef0123456789abcdef",
            "expert": {"server_url": f"{simulator}/api"},
        }
    }


def alphaess_settings(system: Any) -> Any:
    """Returns what the cloud has stored for a system, in both stores."""
    parts = ("charge", "discharge", "periodic", "household")
    return {part: system[part]["stored"] for part in parts}


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
        least_entities=105,
        homes=("Family house", "Workshop"),
        history=True,
        control=Control(
            quick={"reaction_delay": 2.5},
            poll=10,
            stored=alphaess_settings,
            writes=("update*ConfigInfo", "setTimeChargeBySn"),
            unreadable=("grid_charge", "discharge_time_control"),
        ),
    ),
)
