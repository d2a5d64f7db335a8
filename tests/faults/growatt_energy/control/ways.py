"""The ways in which a battery is led, and their requests on the wire."""

from dataclasses import dataclass
from typing import Any, Literal

from homeassistant.exceptions import HomeAssistantError
import pytest

from tests.growatt_energy.orders.room import Room

type Way = Literal["remote", "segments", "app", "periods"]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a test has to know of a way.

    Attributes:
        home: The simulated home.
        mode: How the account is reached.
        endpoint: The request that writes a setting.
        force_endpoint: The one that forces.
        refusal: The code with which a setting is refused there.
    """

    home: str
    mode: str = "token"
    endpoint: str = "tlxSet"
    force_endpoint: str = "tlxSet"
    refusal: int = 10004


WAYS: dict[Way, Facts] = {
    "remote": Facts(home="MIN", force_endpoint="new-api/setVppParameter", refusal=6),
    "segments": Facts(home="MIN"),
    "app": Facts(
        home="MIN",
        mode="login",
        endpoint="newTcpsetAPI.do/tlxSet",
        force_endpoint="newTcpsetAPI.do/tlxSet",
        refusal=501,
    ),
    "periods": Facts(home="SPH", endpoint="mixSet", force_endpoint="mixSet"),
}


ONE = pytest.mark.parametrize("way", ["segments", "app"])
FORCES = pytest.mark.parametrize("way", ["remote", "segments", "periods"])


async def fails(room: Room, action: str, **data: Any) -> str | None:
    """Return the text with which an action ends."""
    with pytest.raises(HomeAssistantError) as info:
        await room.call(action, **data)
    assert "{" not in str(info.value)
    return info.value.translation_key
