"""The integration's own way to iSolarCloud and back."""

from datetime import timedelta

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.sungrow_energy.views import async_register_views
from simulator.sungrow import SungrowSimulator

from .flows import BASE, HOME_ASSISTANTS, OURS, Dialog, at_menu, state_of

pytestmark = pytest.mark.usefixtures("current_request_with_host")
COOKIE = "sungrow_energy_authorization"


@pytest.fixture
async def browser(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator
) -> TestClient:
    """A browser that nobody is logged in with; it keeps its cookies itself."""
    assert await async_setup_component(hass, "auth", {})
    async_register_views(hass)  # the client of tests takes none later
    return await hass_client_no_auth()


async def away(hass: HomeAssistant, sim: SungrowSimulator) -> Dialog:
    """Return a dialog that waits for a browser at our own view."""
    dialog = await at_menu(hass, sim, redirect_uri=OURS)
    await dialog.submit(next_step_id="auth")
    assert dialog.url.startswith(f"{BASE}/api/sungrow_energy/authorize?flow=")
    return dialog


async def started(browser: TestClient, dialog: Dialog) -> tuple[str, str]:
    """Begin the way as the dialog says; return the address and the cookie."""
    answer = await browser.get(dialog.url.removeprefix(BASE), allow_redirects=False)
    assert answer.status == 302
    assert answer.headers["Cache-Control"] == "no-store"
    cookie = answer.cookies[COOKIE]
    assert (cookie["path"], cookie["samesite"]) == ("/api/sungrow_energy", "Lax")
    assert cookie["httponly"]
    assert cookie["secure"]  # the redirect URL is https
    assert cookie["max-age"] == "600"
    return answer.headers["Location"], cookie.value


async def returned(browser: TestClient, query: str, cookie: str = "") -> int:
    """Come back to our view; return the status."""
    headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    answer = await browser.get(f"/api/sungrow_energy/callback?{query}", headers=headers)
    assert answer.headers["Cache-Control"] == "no-store"
    assert ("window.close" in await answer.text()) == (answer.status == 200)
    return answer.status


@pytest.mark.parametrize("by", ["state", "cookie", "both"])
async def test_browser_is_known_again(
    hass: HomeAssistant, sim: SungrowSimulator, browser: TestClient, by: str
) -> None:
    """By the state, by the cookie, or by both; once."""
    dialog = await away(hass, sim)
    address, cookie = await started(browser, dialog)
    assert address.startswith(f"{sim.web_url}/?state=")
    query = f"code={sim.code()}"
    if by != "cookie":
        query += f"&state={state_of(address)}"
    if by == "state":
        cookie = ""
    assert await returned(browser, query, cookie) == 200
    await dialog.refresh(hass)
    assert dialog.step == "plants"
    assert await returned(browser, query, cookie) == 400
    assert sim.oauth.tokens.exchanges == 1


@pytest.mark.parametrize(
    "query",
    [
        "code={code}",
        "code={code}&state=",
        "code={code}&state=forged",
        "state={state}",
        "state={state}&code=a%20b%20c",
    ],
)
async def test_forged_return(
    hass: HomeAssistant, sim: SungrowSimulator, browser: TestClient, query: str
) -> None:
    """Who has neither state nor cookie, or no code, is refused; the dialog waits on."""
    dialog = await away(hass, sim)
    address, cookie = await started(browser, dialog)
    forged = query.format(code=sim.code(), state=state_of(address))
    assert await returned(browser, forged, "") == 400
    assert await returned(browser, forged, "forged") == 400
    assert sim.oauth.tokens.exchanges == 0
    assert await returned(browser, f"code={sim.code()}", cookie) == 200


async def test_state_of_somebody_else_with_the_cookie(
    hass: HomeAssistant, sim: SungrowSimulator, browser: TestClient
) -> None:
    """Another page sent the browser: refused."""
    _, cookie = await started(browser, await away(hass, sim))
    assert await returned(browser, f"code={sim.code()}&state=theirs", cookie) == 400


async def test_only_the_waiting_flow_is_no_way_in(
    hass: HomeAssistant, sim: SungrowSimulator, browser: TestClient
) -> None:
    """Two dialogs do not get each other's codes; each has its own cookie."""
    sim.oauth.state_returned = "none"
    first, second = await away(hass, sim), None
    _, cookie = await started(browser, first)
    hass.config_entries.flow.async_abort(first.result["flow_id"])
    second = await away(hass, sim)
    _, other = await started(browser, second)
    assert cookie != other
    assert await returned(browser, f"code={sim.code()}", cookie) == 400
    assert await returned(browser, f"code={sim.code()}", other) == 200


async def test_declined(
    hass: HomeAssistant, sim: SungrowSimulator, browser: TestClient
) -> None:
    """People can try again."""
    dialog = await away(hass, sim)
    _, cookie = await started(browser, dialog)
    assert await returned(browser, "error=access_denied", cookie) == 200
    await dialog.refresh(hass)
    assert (dialog.step, dialog.errors) == ("retry", {"base": "declined"})


async def test_way_ends_after_ten_minutes(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    browser: TestClient,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Neither the link nor the cookie is good for anything then."""
    dialog = await away(hass, sim)
    address, cookie = await started(browser, dialog)
    freezer.tick(timedelta(minutes=10))
    assert await returned(browser, f"code={sim.code()}", cookie) == 400
    state = state_of(address)
    assert await returned(browser, f"code={sim.code()}&state={state}") == 400
    answer = await browser.get(dialog.url.removeprefix(BASE), allow_redirects=False)
    assert answer.status == 400


async def test_link_of_an_older_step(
    hass: HomeAssistant, sim: SungrowSimulator, browser: TestClient
) -> None:
    """Only the last one counts."""
    dialog = await away(hass, sim)
    old = dialog.url
    await dialog.refresh(hass)
    assert dialog.url != old
    answer = await browser.get(old.removeprefix(BASE), allow_redirects=False)
    assert answer.status == 400
    await started(browser, dialog)


async def test_dialog_that_does_not_wait_any_more(
    hass: HomeAssistant, sim: SungrowSimulator, browser: TestClient
) -> None:
    """The browser is told; nothing is exchanged."""
    dialog = await away(hass, sim)
    _, cookie = await started(browser, dialog)
    await hass.config_entries.flow.async_configure(
        dialog.result["flow_id"], {"error": "declined"}
    )
    await dialog.refresh(hass)
    assert dialog.step == "retry"
    assert await returned(browser, f"code={sim.code()}", cookie) == 400
    assert sim.oauth.tokens.exchanges == 0


async def test_flow_that_is_gone(hass: HomeAssistant, browser: TestClient) -> None:
    """The browser is told."""
    travellers = async_register_views(hass)
    travellers.depart("gone", "https://web3.isolarcloud.eu/", "a-state", OURS)
    assert await returned(browser, "code=k7Qm2X&state=a-state") == 400


async def test_home_assistants_own_view(
    hass: HomeAssistant, sim: SungrowSimulator, browser: TestClient
) -> None:
    """Takes the state as its own, wherever it came from; without it, it refuses."""
    dialog = await at_menu(hass, sim)
    await dialog.submit(next_step_id="auth")
    assert dialog.url.startswith(f"{sim.web_url}/?state=")
    path = HOME_ASSISTANTS.removeprefix(BASE)
    answer = await browser.get(f"{path}?code={sim.code()}")
    assert "Missing state" in await answer.text()
    assert sim.oauth.tokens.exchanges == 0
    sent = sim.authorize(state=state_of(dialog.url))
    answer = await browser.get(sent.removeprefix(BASE))
    assert "window.close" in await answer.text()
    await dialog.refresh(hass)
    assert (dialog.type, dialog.step) == (FlowResultType.FORM, "plants")
