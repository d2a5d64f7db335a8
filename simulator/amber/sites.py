"""Sites as `GET /sites` lists them, and their switches (amber.md section 3.1)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from ..spec import HouseSpec
from .nem import today
from .tariff import ChannelType, Tariff

TOKEN = "psk_0123456789abcdef0123456789abcdef"

type Status = Literal["pending", "active", "closed"]
type Outage = Literal["none", "actuals", "empty"]
type Information = Literal["present", "absent", "null"]

_SYDNEY = ZoneInfo("Australia/Sydney")


@dataclass(slots=True, kw_only=True, eq=False)
class Channel:
    """A register of the meter."""

    identifier: str
    type: ChannelType
    tariff: str
    since: datetime | None = None
    """It is neither listed nor priced before; None is always."""

    def exists(self, at: datetime) -> bool:
        """Return whether it is there at an instant."""
        return self.since is None or self.since <= at


@dataclass(slots=True, kw_only=True, eq=False)
class Site:
    """A site as the cloud sees it; the plain attributes are switches for tests."""

    id: str
    nmi: str
    channels: list[Channel]
    network: str = "Ausgrid"
    status: Status = "active"
    active_from: date | None = None
    closed_on: date | None = None
    interval_length: int | None = 5
    """Minutes; None leaves the field out, which means 30."""
    state: str = "nsw"
    tariff: Tariff = field(default_factory=Tariff)
    spec: HouseSpec = field(default_factory=HouseSpec)
    """Physics of the house behind the meter; without a battery."""

    listed: bool = True
    """False: it is gone, as after a move: not listed, 404 for everything else."""

    # Prices
    outage: Outage = "none"
    """actuals: neither current nor forecast intervals; empty: no interval at all."""
    hidden_channels: set[str] = field(default_factory=set)
    """Types that the prices leave out although the site lists them."""
    feed_in_delay: float = 0.0
    """Seconds that feed-in prices become final after the others."""
    previous_missing: float = 0.0
    """Seconds after a boundary in which a 5-minute site has no actual intervals."""
    information: Information = "present"
    advanced: bool = True
    """False: no interval has an advanced price."""

    # Usage
    five_minute_since: date = date(2025, 3, 1)
    """NEM days before were billed in half hours."""
    published_at: int = 5 * 60
    """NEM minute of the day after at which a day's usage appears."""
    late_days: dict[date, datetime] = field(default_factory=dict)
    """Days whose usage appears at another time."""
    withheld: set[date] = field(default_factory=set)
    """Days whose usage never appears."""
    estimated_share: float = 0.1
    """Share of the days that are estimated at first."""
    estimated_days: set[date] = field(default_factory=set)
    """Days that are so besides."""
    estimated_for: float = 3.0
    """Days from the publication of an estimated day until it is billable."""
    corrections: dict[date, list[tuple[datetime, float]]] = field(default_factory=dict)
    """By day: from when on its energies are how many times the metered ones."""
    partial_today: bool = False
    """The running day answers what has passed of it, estimated."""
    negative_kwh: bool = False
    """Feed-in has negative energies, as the specification says."""

    @property
    def minutes(self) -> Literal[5, 30]:
        """Length of a billing interval."""
        return 5 if self.interval_length == 5 else 30

    def channels_at(self, at: datetime) -> list[Channel]:
        """Return the registers that are there at an instant."""
        return [channel for channel in self.channels if channel.exists(at)]

    def add_channel(
        self,
        identifier: str,
        kind: ChannelType,
        tariff: str = "N70",
        since: datetime | None = None,
    ) -> Channel:
        """Add a register, as when solar is installed."""
        channel = Channel(identifier=identifier, type=kind, tariff=tariff, since=since)
        self.channels.append(channel)
        return channel

    def correct(self, day: date, factor: float, since: datetime) -> None:
        """Have a day's energies be `factor` times the metered ones from `since` on."""
        self.corrections.setdefault(day, []).append((since, factor))

    def document(self, now: datetime) -> dict[str, Any]:
        """Return the site as `GET /sites` answers it."""
        told: dict[str, Any] = {
            "id": self.id,
            "nmi": self.nmi,
            "channels": [
                {
                    "identifier": channel.identifier,
                    "type": channel.type,
                    "tariff": channel.tariff,
                }
                for channel in self.channels_at(now)
            ],
            "network": self.network,
            "status": self.status,
        }
        if self.active_from is not None:
            told["activeFrom"] = self.active_from.isoformat()
        if self.closed_on is not None:
            told["closedOn"] = self.closed_on.isoformat()
        if self.interval_length is not None:
            told["intervalLength"] = self.interval_length
        return told


def _house(seed: int, latitude: float, peak_w: float, level: float) -> HouseSpec:
    return HouseSpec(
        seed=seed,
        zone=_SYDNEY,
        latitude=latitude,
        pv_peak_w=peak_w,
        battery_capacity_wh=0.0,
        load_level=level,
    )


def default_sites(number: int = 2, *, seed: int = 1, now: datetime) -> list[Site]:
    """Return sites of alternating kinds, each with an id and habits of its own.

    In turn: 5 minutes with all registers and a demand tariff; 30 minutes, time of
    use, solar; pending; closed; 5 minutes with a block tariff and no solar.
    """
    return [_default_site(place, seed + place, today(now)) for place in range(number)]


def _default_site(place: int, seed: int, day: date) -> Site:
    lap, kind = divmod(place, 5)
    site_id = f"01J9ZK3V7Q8M2N4P6R8T0W{lap:01d}X{kind:01d}Y"
    site_id = site_id if place else "01J9ZK3V7Q8M2N4P6R8T0W2X4Y"
    general = Channel(identifier="E1", type="general", tariff="EA116")
    feed_in = Channel(identifier="B1", type="feedIn", tariff="EA029")
    match kind:
        case 0:
            load = Channel(identifier="E2", type="controlledLoad", tariff="EA030")
            return Site(
                id=site_id,
                nmi=f"4103123{4 + lap % 6}56",
                channels=[general, load, feed_in],
                active_from=date(2024, 3, 1),
                tariff=Tariff(demand=True, periods=bool(lap % 2)),
                spec=_house(seed, -33.9, 8_200.0, 1.3),
            )
        case 1:
            return Site(
                id=site_id,
                nmi=f"0600345{lap:01d}78",
                channels=[
                    Channel(identifier="E9", type="general", tariff="D1"),
                    Channel(identifier="B9", type="feedIn", tariff="D1"),
                ],
                network="Jemena",
                active_from=date(2023, 8, 15),
                interval_length=30,
                state="vic",
                tariff=Tariff(periods=True, season=True, shoulder=True),
                spec=_house(seed, -37.8, 5_000.0, 1.0),
            )
        case 2:
            return Site(
                id=site_id,
                nmi=f"3100567{lap:01d}90",
                channels=[general],
                network="Energex",
                status="pending",
                active_from=day + timedelta(days=12),
                state="qld",
                spec=_house(seed, -27.5, 0.0, 1.1),
            )
        case 3:
            return Site(
                id=site_id,
                nmi=f"2001678{lap:01d}01",
                channels=[general, feed_in],
                network="SA Power Networks",
                status="closed",
                active_from=date(2023, 1, 10),
                closed_on=day - timedelta(days=40),
                interval_length=30,
                state="sa",
                spec=_house(seed, -34.9, 6_600.0, 0.9),
            )
        case _:
            return Site(
                id=site_id,
                nmi=f"4204789{lap:01d}12",
                channels=[general],
                network="Evoenergy",
                active_from=date(2025, 11, 3),
                tariff=Tariff(block=True),
                spec=_house(seed, -35.3, 0.0, 1.5),
            )
