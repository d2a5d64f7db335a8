"""What the demo has to know of a vendor."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

GENERAL, FEED_IN = "general", "feed_in"  # channels that most sites have

type Input = Mapping[str, Any]  # of one step of a flow
type Errand = Callable[[Input], Awaitable[Input]]  # gets it, from what the step tells
type Answers = Mapping[str, Input | Errand]  # by step
type Entry = Callable[[str], Answers]  # from the address of the entry's simulator
type Force = Literal["force_charge", "force_discharge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surprises:
    """What happens to a battery without Home Assistant, of which the vendor's tell."""

    app: Mapping[str, str]  # what a person sets in the app in the middle of a force
    usable_wh: Mapping[str, float]  # between full and empty for the user, by serial
    logged: str  # what Home Assistant may log once when a battery restarts


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """How a vendor's batteries are controlled in the demo, seen from the simulator."""

    quick: Mapping[str, Any]  # a system's switches that make it react in seconds
    poll: float | None  # s between two looks at what a battery does; None: minutes
    back: float  # s after its end in which a force is undone
    believed: float = 0  # s for which a shown force may be believed: records' minutes
    end_alone: frozenset[str] = frozenset()  # serials: soon after the end, without us
    by_minute: frozenset[str] = frozenset()  # serials: by a window to a whole minute
    stored: Callable[[Any], Any]  # a system's settings in the simulator's own words
    writes: tuple[str, ...]  # globs on the endpoints that change them
    unreadable: tuple[str, ...]  # keys of switches that are unknown until set; all off
    forces: tuple[Force, ...]  # those it can; its batteries try them in turn
    surprises: Surprises | None  # None if it knows neither reset nor failing grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where the simulator of a home is asked about it."""

    place: int  # among the vendor's ports
    house: str  # what its house is called there
    system: str = ""  # what requests name it by; "": its serial


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A home that is a device of its own, above the one that is controlled."""

    identifier: str  # of its device in Home Assistant
    past: str  # how the ids of its imported statistics begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """How the demo sets up one vendor's integration on its simulator."""

    domain: str
    name: str
    simulator: str  # the vendor's name on the simulator's command line
    entries: tuple[Entry, ...]
    one_port: bool = False  # of the simulator for all entries; else each has its own
    web_port: bool = False  # behind the others: pages that people see
    menu: str | None = None  # what is chosen where the config flow begins with a menu
    options: Answers  # input of the options flow, {} for none
    switches: Mapping[str, Any] = field(default_factory=dict)  # of its simulator
    least_entities: int  # enabled ones that a working set-up has at least

    @property
    def ports(self) -> int:
        """How many ports its simulator has."""
        return (1 if self.one_port else len(self.entries)) + self.web_port


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeVendor(Vendor):
    """One whose devices are homes with a battery."""

    counters: str  # suffix of the keys of its energy counters: today or total
    homes: tuple[str, ...]  # what the user calls the simulated homes, by serial
    history_days: int  # that are imported; 0: it has no action import_history
    history_within: float = 0.02  # kWh by which a day of it may always differ
    history_today: bool = True  # an import ends with the hour before the live values
    without_history: frozenset[str] = frozenset()  # serials of those that have none
    shown_soc: Callable[[float], float]  # % for the user, from that of the house
    control: Control | None  # None if it has no battery to control
    unit: str = "system"  # what its simulator calls that which has a serial
    unit_switches: Mapping[str, Any] = field(default_factory=dict)  # of each, at once
    soc: float | None = None  # % of its batteries, at once; None: as nature has it
    several_records: bool = False  # powers may be those of moments a poll apart
    plants: Mapping[str, Plant] = field(default_factory=dict)  # by serial; {}: none
    names: Mapping[str, str] = field(default_factory=dict)  # its keys, by ours
    doors: Mapping[str, Door] = field(default_factory=dict)  # by serial; {}: the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A register of a meter, whose energy and money are statistics."""

    channel: str  # how the keys of its entities begin
    wire: str  # the channel in the vendor's words

    @property
    def sign(self) -> int:
        """By what the vendor's prices and money are multiplied for the user."""
        return -1 if self.channel == FEED_IN else 1

    @property
    def money(self) -> str:
        """What the end of the key of its money is."""
        return "compensation" if self.channel == FEED_IN else "cost"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceVendor(Vendor):
    """One whose devices are sites that have a price and a bill."""

    sites: Mapping[str, Mapping[str, Register]]  # by id, then by name, in lower case
