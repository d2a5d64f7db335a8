"""What is sent instead of a value that is refused, and what is noted of it."""

from typing import Any

import pytest

from custom_components.sonnen_energy._vendor.core.client.errors import (
    ApiError,
    NotPermittedError,
    WriteRejected,
)
from custom_components.sonnen_energy.memory import Memory, kept_notes
from custom_components.sonnen_energy.sending import Sender

REFUSED = WriteRejected("no", code="400")
FORBIDDEN = WriteRejected("no", code="403", reason="not_writable")
NO_WRITES = NotPermittedError("no", code="401", reason="write_api_off")


class Notes(dict[str, Any]):
    def set(self, key: str, value: Any) -> None:
        self[key] = value

    async def save(self) -> None:
        """Keep nothing."""


class Client:
    """Refuses what it is told to refuse."""

    def __init__(self, **refusals: ApiError) -> None:
        self.refusals, self.sent = refusals, list[str]()

    async def set_configuration(self, key: str, value: str) -> None:
        self.sent.append(value)
        if (
            err := self.refusals.get(f"_{value}", self.refusals.get("all"))
        ) is not None:
            raise err


def sender(client: Client, **notes: Any) -> tuple[Sender, Memory]:
    memory = Memory("1", Notes({f"1/{key}": value for key, value in notes.items()}))
    return Sender(client, memory), memory  # type: ignore[arg-type]


@pytest.mark.parametrize("memo", [{"mode_before": "11"}, {"manual_from": "11"}])
async def test_a_mode_before_that_is_refused_becomes_self_consumption(
    memo: dict[str, Any],
) -> None:
    client = Client(_11=REFUSED)
    sending, memory = sender(client)
    await sending.set("mode", "11", memo)
    assert client.sent == ["11", "2"]
    assert memory.not_restored == "11"
    memory.seen("2")
    assert memory.not_restored == "11"
    memory.seen("6")
    assert memory.not_restored is None


@pytest.mark.parametrize(
    ("mode", "memo"),
    [
        ("11", {}),  # somebody has asked for it
        ("11", {"mode_before": "2"}),
        ("1", {"mode_before": "1"}),  # it was lost, and is told again
        ("2", {"mode_before": "2"}),
    ],
)
async def test_nothing_is_sent_instead_of_any_other_mode(
    mode: str, memo: dict[str, Any]
) -> None:
    client = Client(all=FORBIDDEN)
    sending, memory = sender(client)
    with pytest.raises(WriteRejected):
        await sending.set("mode", mode, memo)
    assert client.sent == [mode]
    assert memory.not_restored is None


@pytest.mark.parametrize("err", [REFUSED, FORBIDDEN, NO_WRITES])
async def test_who_takes_nothing_is_told_the_first_reason(err: ApiError) -> None:
    client = Client(_11=err, _2=FORBIDDEN)
    sending, memory = sender(client)
    with pytest.raises(type(err)) as caught:
        await sending.set("mode", "11", {"mode_before": "11"})
    assert caught.value is err
    assert memory.not_restored is None


@pytest.mark.parametrize("mode", ["10", "11"])
async def test_a_mode_that_was_taken_before_is_doubted_the_second_time(
    mode: str,
) -> None:
    client = Client()
    sending, memory = sender(client)
    await sending.set("mode", mode, {})
    client.refusals = {f"_{mode}": FORBIDDEN}
    for _ in range(2):
        with pytest.raises(WriteRejected):
            await sending.set("mode", mode, {"mode_before": mode})
        client.refusals.clear()
        await sending.set("mode", mode, {"mode_before": mode})
        client.refusals = {f"_{mode}": FORBIDDEN}
    with pytest.raises(WriteRejected):
        await sending.set("mode", mode, {"mode_before": mode})
    await sending.set("mode", mode, {"mode_before": mode})
    assert memory.not_restored == mode
    assert client.sent[-1] == "2"


async def test_a_reserve_of_less_than_five() -> None:
    client = Client(_3=REFUSED)
    sending, memory = sender(client, reserve=3)
    await sending.set("reserve", 3, {"reserve_before": 3})
    assert client.sent == ["3", "5"]
    assert memory.reserve is None
    client.refusals = {"_6": REFUSED}
    with pytest.raises(WriteRejected):
        await sending.set("reserve", 6, {"reserve_before": 6})
    assert client.sent[2:] == ["6"]


async def test_the_reserve_before_is_noted_while_it_is_held() -> None:
    client = Client()
    sending, memory = sender(client)
    await sending.set("reserve", 50, {})
    assert memory.reserve is None
    await sending.set("reserve", 50, {"reserve_before": 20})
    assert memory.reserve == 20
    client.refusals = {"all": FORBIDDEN}
    with pytest.raises(WriteRejected):
        await sending.set("reserve", 20, {"reserve_before": 20})
    assert memory.reserve == 20
    client.refusals.clear()
    await sending.set("reserve", 20, {"reserve_before": 20})
    assert memory.reserve is None


@pytest.mark.parametrize(
    ("seen", "taken", "refused", "way_back"),
    [
        ([], [], [], "2"),
        (["10", "1"], [], [], "10"),
        (["10", "2", "1"], [], [], "2"),
        (["10", "6", "4", "13"], [], [], "10"),
        (["11"], [], [], "2"),
        (["11"], ["11"], [], "11"),
        (["11"], ["11"], ["11"], "2"),
    ],
)
def test_the_way_back(
    seen: list[str], taken: list[str], refused: list[str], way_back: str
) -> None:
    memory = Memory("1", Notes())
    for call, modes in (
        (memory.seen, seen),
        (memory.taken, taken),
        (memory.refused, refused),
    ):
        for mode in modes:
            call(mode)
    assert memory.way_back == way_back


def test_damaged_notes_are_none() -> None:
    names = ("modes", "modes_taken", "automatic", "not_restored", "reserve")
    memory = Memory("1", Notes({f"1/{name}": {"x": 1} for name in names}))
    assert (memory.found, memory.way_back) == (frozenset(), "2")
    assert (memory.not_restored, memory.reserve) == (None, None)
    memory.seen("10")
    memory.taken("11")
    assert (memory.found, memory.way_back) == ({"10"}, "10")


def test_the_notes_that_outlive_an_entry() -> None:
    """With them a force that was left is ended as it should."""
    assert kept_notes("1") == ("1/reserve", "1/automatic", "1/modes_taken")
