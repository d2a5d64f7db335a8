"""What a new user types for each vendor, one secret of it wrong at first."""

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.alphaess import AlphaEssSimulator
from simulator.amber import AmberSimulator
from simulator.goodwe import GoodWeSimulator
from simulator.growatt import GrowattSimulator
from simulator.server import Simulator
from simulator.sonnen import SonnenSimulator
from simulator.sungrow import SungrowSimulator


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """The set-up of one vendor, as a person goes through it."""

    domain: str
    brand: str
    menu: str | None = None
    typed: Mapping[str, str]
    """By field."""
    expert: Mapping[str, str]
    """By field, in the section of that name."""
    secret: str
    """The field that is wrong at first."""
    wrong: str = "0123456789"
    error: str = "invalid_auth"
    switched_on: str | None = None
    """What the next step asks."""
    left: str | None = None
    """What the next step is called, if it can be left as it is."""


@dataclass(frozen=True, slots=True)
class Simulators:
    """The vendors' own sides, each with what it begins with."""

    alphaess: AlphaEssSimulator
    amber: AmberSimulator
    goodwe: GoodWeSimulator
    growatt: GrowattSimulator
    sonnen: SonnenSimulator
    sungrow: SungrowSimulator

    @classmethod
    def built(cls) -> Simulators:
        """Build them; a battery takes a setting at once."""
        return cls(
            AlphaEssSimulator(homes=1, reaction_delay=0),
            AmberSimulator(),
            GoodWeSimulator(),
            GrowattSimulator(),
            SonnenSimulator(reaction_delay=0),
            SungrowSimulator(),
        )

    @property
    def all(self) -> list[Simulator]:
        """All of them."""
        return [getattr(self, name) for name in self.__dataclass_fields__]

    def vendors(self) -> list[Vendor]:
        """Return what is typed for them, once they have started."""
        alphaess = self.alphaess.credentials()
        sonnen = self.sonnen.credentials()
        return [
            Vendor(
                domain="growatt_energy",
                brand="Growatt",
                menu="API token",
                typed={"token": self.growatt.credentials()["Token"]},
                expert={"server_url": self.growatt.url},
                secret="token",
                wrong="0" * 32,
                error="permission",
            ),
            Vendor(
                domain="alphaess_energy",
                brand="AlphaESS",
                typed={
                    "app_id": alphaess["AppID"],
                    "app_secret": alphaess["AppSecret"],
                },
                expert={"server_url": self.alphaess.url},
                secret="app_secret",
            ),
            Vendor(
                domain="amber_energy",
                brand="Amber Electric",
                typed={"token": self.amber.token},
                expert={"server_url": self.amber.url},
                secret="token",
                left="Choose a site",
            ),
            Vendor(
                domain="goodwe_energy",
                brand="GoodWe SEMS+",
                typed={
                    "account": self.goodwe.account,
                    "password": self.goodwe.password,
                },
                expert={"server_url": self.goodwe.url},
                secret="password",
                error="wrong_password",
                switched_on="Allow control",
            ),
            Vendor(
                domain="sonnen_energy",
                brand="sonnenBatterie",
                typed={
                    "host": sonnen["Host"],
                    "port": sonnen["Port"],
                    "token": sonnen["Token"],
                    "serial": sonnen["Serial"],
                },
                expert={},
                secret="token",
            ),
            Vendor(
                domain="sungrow_energy",
                brand="Sungrow iSolarCloud",
                menu="Application with account and password",
                typed={
                    "app_key": self.sungrow.app_key,
                    "secret": self.sungrow.secret,
                    "user_name": self.sungrow.user_name,
                    "password": self.sungrow.password,
                },
                expert={"server_url": self.sungrow.url},
                secret="password",
                error="wrong_password_left",
            ),
        ]
