"""The sites that have a price, as Home Assistant shows them."""

from collections.abc import Mapping
from dataclasses import dataclass

from .folder import DemoError
from .hass import Entity, Hass
from .vendor import PriceVendor, Register
from .vendors import PRICE_VENDORS

HISTORY = "history_import"  # the sensor that says how far an import has come
MARK = "api_status"  # every site has it, and nothing else does


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """One site of one vendor: its device, its entry and its entities by key."""

    vendor: PriceVendor
    site_id: str
    entry_id: str
    device_id: str
    name: str
    entities: Mapping[str, Entity]

    @property
    def registers(self) -> Mapping[str, Register]:
        """The registers of its meter by their names in lower case."""
        return self.vendor.sites[self.site_id]

    @property
    def channels(self) -> dict[str, Register]:
        """A register of each channel, by how the keys of its entities begin."""
        return {register.channel: register for register in self.registers.values()}

    def entity_id(self, key: str) -> str:
        """Returns the entity of a key; DemoError if the site has none."""
        if key not in self.entities:
            raise DemoError(f"{self.vendor.domain} has no {key} for {self.name}")
        return self.entities[key].entity_id

    def missing(self) -> list[str]:
        """Returns the keys that the demo needs and that have no value (yet)."""
        valued = [
            f"{channel}_{what}"
            for channel in self.channels
            for what in ("price", "forecast")
        ]
        return [
            key
            for key in (*valued, HISTORY)
            if key not in self.entities
            or self.entities[key].state in {None, "unavailable", "unknown"}
        ]

    def statistic(self, key: str) -> str:
        """Returns the id of an imported statistic."""
        return f"{self.vendor.domain}:{self.site_id.lower()}_{key}"

    def statistics(self) -> list[str]:
        """Returns the ids of all imported energies and moneys."""
        keys = [
            f"{name}_{what}"
            for name, register in self.registers.items()
            for what in ("energy", register.money)
        ]
        return [self.statistic(key) for key in (*keys, "net_cost")]


async def find_tariffs(hass: Hass) -> list[Tariff]:
    """Returns the sites of all vendors that have some, in the order of the vendor."""
    devices = {
        device["id"]: device
        for device in await hass.call("config/device_registry/list")
    }
    tariffs = []
    for vendor in PRICE_VENDORS:
        entities = await hass.entities(vendor.domain)
        marks = {
            one.unique_id.removesuffix(f"_{MARK}"): one.device_id or ""
            for one in entities
            if one.unique_id.endswith(f"_{MARK}")
        }
        for site_id in (known for known in vendor.sites if known in marks):
            device = devices[marks[site_id]]
            tariffs.append(
                Tariff(
                    vendor=vendor,
                    site_id=site_id,
                    entry_id=device["primary_config_entry"],
                    device_id=device["id"],
                    name=device["name_by_user"] or device["name"],
                    entities={
                        one.unique_id.removeprefix(f"{site_id}_"): one
                        for one in entities
                        if one.unique_id.startswith(f"{site_id}_") and not one.disabled
                    },
                )
            )
    return tariffs
