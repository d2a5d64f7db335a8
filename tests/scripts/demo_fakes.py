"""A home of the demo and a Home Assistant, both made up."""

from datetime import UTC, datetime, timedelta
from typing import Any

from scripts.demolib.hass import Entity
from scripts.demolib.homes import Home
from scripts.demolib.tariffs import Tariff
from scripts.demolib.vendor import HomeVendor
from scripts.demolib.vendors import HOME_VENDORS, PRICE_VENDORS
from simulator.alphaess import AlphaEssSimulator

ALPHAESS, SONNEN, GROWATT, SUNGROW, GOODWE = HOME_VENDORS
(AMBER,) = PRICE_VENDORS
SITE, HALF_HOURLY = AMBER.sites
SERIAL = "AL7011024010101"
SONNEN_SERIAL = "123456"
PERIODIC = "ALD0310240202"
ASKED = datetime(2026, 5, 3, 12, tzinfo=UTC)


def a_home(*keys: str, serial: str = SERIAL, vendor: HomeVendor = ALPHAESS) -> Home:
    return Home(
        vendor=vendor,
        serial=serial,
        device_id="device",
        shown_id="device",
        name="House",
        entities=entities(vendor.domain, serial, *keys),
    )


def a_tariff(*keys: str, site_id: str = SITE) -> Tariff:
    return Tariff(
        vendor=AMBER,
        site_id=site_id,
        entry_id="entry",
        device_id="device",
        name="Tariff",
        entities=entities(AMBER.domain, site_id, *keys),
    )


def entities(domain: str, serial: str, *keys: str) -> dict[str, Entity]:
    return {
        key: Entity(
            entity_id=f"sensor.house_{key}",
            platform=domain,
            unique_id=f"{serial}_{key}",
            key=key,
            device_id="device",
            disabled=False,
            name=key,
            state="1",
            attributes={},
        )
        for key in keys
    }


def an_answer(seconds: float, outcome: str = "applied") -> dict[str, Any]:
    ends = ASKED + timedelta(seconds=seconds)
    return {"outcome": outcome, "expires_at": ends.isoformat()}


class FakeHass:
    """Answers states by the end of their entity's id, and traces."""

    def __init__(self) -> None:
        self.states = {
            "battery_mode": "self_use",
            "control_state": "idle",
            "battery_power": "500",
            "grid_power": "0",
        }
        self.attributes: dict[str, str] = {}
        self.saved: Any = None
        self.traces: dict[str, Any] = {}
        self.posted: list[str] = []
        self.automation_state: str | None = "on"

    async def post(self, path: str, _body: Any) -> None:
        self.posted.append(path)

    async def entities(self, domain: str) -> list[Entity]:
        unique_id = self.posted[-1].rpartition("/")[2]
        return [
            Entity(
                entity_id="automation.house",
                platform=domain,
                unique_id=unique_id,
                key="",
                device_id=None,
                disabled=False,
                name="",
                state=self.automation_state,
                attributes={},
            )
        ]

    async def state(self, entity_id: str) -> str:
        return self.states[entity_id.removeprefix("sensor.house_")]

    async def attribute(self, entity_id: str, name: str) -> str | None:
        return self.attributes.get(f"{entity_id.removeprefix('sensor.house_')}.{name}")

    async def call(self, kind: str, **fields: Any) -> Any:
        if kind.startswith(("lovelace/", "frontend/")):
            self.saved = fields.get("config", self.saved)
            return []
        if kind == "trace/list":
            return [trace["short"] for trace in self.traces.values()]
        return self.traces[fields["run_id"]]["long"]


def write(simulator: AlphaEssSimulator, **changes: Any) -> None:
    """Changes the store's charge side as a client does."""
    system = simulator.systems[SERIAL]
    system.write("charge", system.charge.stored | changes)
