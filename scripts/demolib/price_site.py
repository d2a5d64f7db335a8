"""A site of the demo from both sides: Home Assistant's and the simulated market's."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from .hass import Hass
from .sim import PriceSimulator
from .tariffs import Tariff

SLOT = timedelta(minutes=5)  # in which the market sets a price
DIGITS = 6  # of a price in AUD/kWh
SOON = 10  # s in which a request that was asked for shows

type Prices = dict[str, float]  # by channel, AUD/kWh, + earned where it is fed in


def slot_start(at: datetime) -> datetime:
    """Returns when the market's running five minutes began."""
    return at - timedelta(minutes=at.minute % 5, seconds=at.second) - past_second(at)


def past_second(at: datetime) -> timedelta:
    """Returns what a time has beyond its full second."""
    return timedelta(microseconds=at.microsecond)


class PriceSite:
    """What can be asked of a site, and what has to be true of it."""

    def __init__(self, hass: Hass, tariff: Tariff, market: PriceSimulator) -> None:
        """Takes a site and the simulator that it is set up on."""
        self.hass, self.tariff, self.market = hass, tariff, market
        self.presses = 0  # of buttons, each for a request that nobody else asked for

    async def now(self) -> Any:
        """Returns the simulator's truth about the running interval."""
        return await self.market.price(self.tariff.site_id)

    async def final_at(self) -> datetime | None:
        """Returns when the last of the running prices is final; None is never."""
        told = (await self.now())["channels"].values()
        if any(channel["final_at"] is None for channel in told):
            return None
        return max(datetime.fromisoformat(channel["final_at"]) for channel in told)

    def final(self, told: Any) -> Prices:
        """Returns the running prices as they end up."""
        wires = {one.channel: one.wire for one in self.tariff.channels.values()}
        return self._of({c: told["channels"][w]["per_kwh"] for c, w in wires.items()})

    def answered(self, told: Any) -> Prices:
        """Returns the running prices as a client gets them now."""
        return self._of(
            {
                channel: interval["perKwh"]
                for channel, register in self.tariff.channels.items()
                for interval in told["answer"]
                if interval["type"] == "CurrentInterval"
                and interval["channelType"] == register.wire
            }
        )

    def _of(self, cents: Mapping[str, float]) -> Prices:
        signs = {channel: one.sign for channel, one in self.tariff.channels.items()}
        return {
            channel: round(signs[channel] * price / 100, DIGITS) + 0.0
            for channel, price in cents.items()
        }

    async def shown(self) -> dict[str, str]:
        """Returns the prices that Home Assistant shows."""
        return {
            channel: await self.hass.state(self.tariff.entity_id(f"{channel}_price"))
            for channel in self.tariff.channels
        }

    async def confirmed_problems(self) -> list[str]:
        """Returns whether Home Assistant does not show the final prices as final."""
        wanted = self.final(await self.now())
        problems = differing(await self.shown(), wanted)
        state = await self.hass.state(self.tariff.entity_id("price_estimated"))
        return problems + [f"estimated is {state}"] * (state != "off")

    async def shown_problems(self, *before: Prices) -> list[str]:
        """Returns whether it shows anything but what a client gets, now or before."""
        answers = [*before, self.answered(await self.now())]
        shown = await self.shown()
        problems = [differing(shown, answer) for answer in answers]
        return [] if [] in problems else problems[-1]

    async def press(self, button: str) -> None:
        """Presses a button as the user does; waits until it has done its work."""
        self.presses += 1
        entity_id = self.tariff.entity_id(button)
        await self.hass.post("/api/services/button/press", {"entity_id": entity_id})

    async def act(self, action: str, **data: Any) -> Any:
        """Calls an action of the site's integration and returns its response."""
        return await self.hass.act(
            self.tariff.vendor.domain,
            action,
            config_entry_id=self.tariff.entry_id,
            **data,
        )


def differing(shown: Mapping[str, str], wanted: Prices) -> list[str]:
    """Returns the prices that are not those wanted, to the digit."""
    return [
        f"the {channel} price is {shown[channel]}, not {price}"
        for channel, price in wanted.items()
        if not is_number(shown[channel], price)
    ]


def is_number(text: str, wanted: float) -> bool:
    """Whether a state is a number, exactly."""
    try:
        return float(text) == wanted
    except ValueError:
        return False


def utcnow() -> datetime:
    """Returns the time, aware."""
    return datetime.now(UTC)
