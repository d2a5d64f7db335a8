"""Binding a system: an account without one cannot be used."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from simulator.alphaess import APP_ID, AlphaEssSimulator

from .conftest import SYSTEM_1
from .devices import find_device
from .flows import TROUBLES, Dialog, Trouble, credentials, user_dialog, wire

LABEL = {"serial_number": SYSTEM_1, "check_code": "CHK0101"}
# The check code is as good as a password: it is never written back into the form.
KEPT = {"serial_number": SYSTEM_1}


@pytest.fixture
async def dialog(hass: HomeAssistant, sim: AlphaEssSimulator) -> Dialog:
    """The flow of an account without a system, asking for one."""
    sim.accounts[APP_ID].bound.clear()
    dialog = await user_dialog(hass)
    await dialog.submit(**credentials(sim))
    assert (dialog.type, dialog.step, dialog.errors) == (
        FlowResultType.FORM,
        "add_system",
        {},
    )
    return dialog


async def to_verify(sim: AlphaEssSimulator, dialog: Dialog) -> str:
    """Have a code mailed; return it."""
    await dialog.submit(**LABEL)
    assert (dialog.step, dialog.errors) == ("verify", {})
    code = sim.systems[SYSTEM_1].verification_code
    assert code is not None
    return code


async def expect_entry(hass: HomeAssistant, dialog: Dialog) -> None:
    """The flow ends with an entry whose system is there."""
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    entry = dialog.result["result"]
    assert entry.state is ConfigEntryState.LOADED
    assert (entry.title, entry.unique_id) == ("AlphaESS cdef", APP_ID)
    assert find_device(hass, entry, SYSTEM_1)


async def test_system_is_bound(
    hass: HomeAssistant, sim: AlphaEssSimulator, dialog: Dialog
) -> None:
    """Serial number, check code, then the code from the mail: the system is there."""
    code = await to_verify(sim, dialog)
    assert dialog.result["description_placeholders"] == {"serial_number": SYSTEM_1}
    assert dialog.suggested == {}
    await dialog.submit(code=code)
    await expect_entry(hass, dialog)
    assert sim.accounts[APP_ID].bound == {SYSTEM_1}
    assert sim.counters.count("getVerificationCode") == 1
    assert sim.counters.count("bindSn") == 1
    # The empty list, and the one with the system, which the set-up goes on with
    assert sim.counters.count("getEssList") == 2


async def test_blanks_are_taken_off(
    hass: HomeAssistant, sim: AlphaEssSimulator, dialog: Dialog
) -> None:
    """Typing from a label or copying from a mail takes blanks along."""
    await dialog.submit(serial_number=f" {SYSTEM_1} ", check_code=" CHK0101\t")
    code = sim.systems[SYSTEM_1].verification_code
    await dialog.submit(code=f" {code}\n")
    await expect_entry(hass, dialog)


async def test_code_in_the_answer(
    hass: HomeAssistant, sim: AlphaEssSimulator, dialog: Dialog
) -> None:
    """Some answers hold the code: then nobody has to look for the mail."""
    sim.code_in_answer = True
    code = await to_verify(sim, dialog)
    assert dialog.suggested == {"code": code}
    await dialog.submit(code=code)
    await expect_entry(hass, dialog)


@pytest.mark.parametrize(
    ("wrong", "field", "error"),
    [
        ({"check_code": "CHK9999"}, "check_code", "wrong_check_code"),
        ({"serial_number": "AL0000000000000"}, "serial_number", "unknown_serial"),
    ],
)
async def test_wrong_label(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    dialog: Dialog,
    wrong: dict[str, str],
    field: str,
    error: str,
) -> None:
    """A mistyped label is told at its field, and can be corrected."""
    await dialog.submit(**LABEL | wrong)
    assert (dialog.step, dialog.errors) == ("add_system", {field: error})
    assert dialog.suggested == KEPT | {
        key: value for key, value in wrong.items() if key in KEPT
    }
    await dialog.submit(code=await to_verify(sim, dialog))
    await expect_entry(hass, dialog)


async def test_system_without_an_owner(
    hass: HomeAssistant, sim: AlphaEssSimulator, dialog: Dialog
) -> None:
    """A code can only be mailed to somebody."""
    sim.systems[SYSTEM_1].registered = False
    await dialog.submit(**LABEL)
    assert dialog.errors == {"serial_number": "not_registered"}
    assert dialog.suggested == KEPT
    sim.systems[SYSTEM_1].registered = True
    await dialog.submit(code=await to_verify(sim, dialog))
    await expect_entry(hass, dialog)


# Mailing a code has an effect, so a lost answer leaves it open
WRITES = {
    "wrong secret": "invalid_auth",
    "whitelist": "ip_whitelist",
    "clock": "clock_skew",
    "too fast": "throttled",
    "failed": "write_rejected",
    "not reached": "cannot_connect",
    "busy": "write_unknown",
    "lost": "write_unknown",
    "web page": "write_unknown",
    "HTTP 502": "write_unknown",
}


@pytest.mark.parametrize(
    ("trouble", "error"),
    [(TROUBLES[name][0], error) for name, error in WRITES.items()],
    ids=WRITES,
)
async def test_trouble_before_the_mail(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    dialog: Dialog,
    trouble: Trouble,
    error: str,
) -> None:
    """The serial number stays, nothing is sent twice, and it can be tried again."""
    async with trouble(sim):
        await dialog.submit(**LABEL)
        assert (dialog.step, dialog.errors) == ("add_system", {"base": error})
        assert dialog.suggested == KEPT
        assert sim.counters.count("getVerificationCode") <= 1
    await dialog.submit(code=await to_verify(sim, dialog))
    await expect_entry(hass, dialog)


@pytest.mark.parametrize(
    ("trouble", "error"),
    [(TROUBLES[name][0], error) for name, error in WRITES.items()],
    ids=WRITES,
)
async def test_trouble_with_binding(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    dialog: Dialog,
    trouble: Trouble,
    error: str,
) -> None:
    """The same code again ends it, also if the first try had reached the vendor."""
    code = await to_verify(sim, dialog)
    async with trouble(sim):
        await dialog.submit(code=code)
        assert (dialog.step, dialog.errors) == ("verify", {"base": error})
        assert dialog.suggested == {"code": code}
        assert sim.counters.count("bindSn") <= 1
    await dialog.submit(code=code)
    await expect_entry(hass, dialog)


async def test_wrong_code(
    hass: HomeAssistant, sim: AlphaEssSimulator, dialog: Dialog
) -> None:
    """A mistyped code can be corrected."""
    code = await to_verify(sim, dialog)
    await dialog.submit(code=code[::-1] + "0")
    assert (dialog.step, dialog.errors) == ("verify", {"code": "wrong_code"})
    assert dialog.result["description_placeholders"] == {"serial_number": SYSTEM_1}
    assert dialog.suggested == {"code": code[::-1] + "0"}
    await dialog.submit(code=code)
    await expect_entry(hass, dialog)


async def test_expired_code(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    dialog: Dialog,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A code that came too late is replaced by a new one in the same flow."""
    code = await to_verify(sim, dialog)
    freezer.tick(timedelta(minutes=11))
    await dialog.submit(code=code)
    assert dialog.errors == {"code": "wrong_code"}
    await dialog.submit()
    assert (dialog.step, dialog.errors) == ("add_system", {})
    assert dialog.suggested == KEPT
    assert sim.counters.count("bindSn") == 1
    await dialog.submit(code=await to_verify(sim, dialog))
    await expect_entry(hass, dialog)


async def test_list_is_still_empty(
    hass: HomeAssistant, sim: AlphaEssSimulator, dialog: Dialog
) -> None:
    """The vendor may take a moment to list a system; asking again goes on."""
    code = await to_verify(sim, dialog)
    async with wire("mutate", endpoint="getEssList", field="data", value=[])(sim):
        await dialog.submit(code=code)
        assert (dialog.step, dialog.errors) == ("verify", {"base": "no_systems"})
        assert dialog.suggested == {"code": code}
    await dialog.submit(code=code)
    await expect_entry(hass, dialog)


async def test_list_cannot_be_read(
    hass: HomeAssistant, sim: AlphaEssSimulator, dialog: Dialog
) -> None:
    """Once bound, the used code is good enough to go on with."""
    code = await to_verify(sim, dialog)
    async with wire("status", endpoint="getEssList", status=502)(sim):
        await dialog.submit(code=code)
        assert dialog.errors == {"base": "cannot_connect"}
    await dialog.submit(code=code)
    await expect_entry(hass, dialog)
    assert [r.code for r in sim.counters.requests("bindSn")] == [200, 6003]


async def test_bound_in_the_portal_meanwhile(
    hass: HomeAssistant, sim: AlphaEssSimulator, dialog: Dialog
) -> None:
    """Whoever binds the system at the same time: bound is bound."""
    await to_verify(sim, dialog)
    sim.accounts[APP_ID].bound.add(SYSTEM_1)
    await dialog.submit(code="000000")
    await expect_entry(hass, dialog)
