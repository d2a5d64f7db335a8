"""OAuth2 in a real browser, on a real Home Assistant, with a simulated iSolarCloud.

The acceptance of the integration: it completes with the ``state`` returned, with the
cookie of the integration's own views, and by pasting; a forged callback is refused.
"""

from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest

from simulator.sungrow import SungrowSimulator

from .dialog import DOMAIN, Dialog
from .house import House, open_house, shown

OURS = f"/api/{DOMAIN}/callback"
HOME_ASSISTANTS = "/auth/external/callback"

type Journey = Callable[[House, SungrowSimulator], Coroutine[None, None, None]]


async def with_state(house: House, sim: SungrowSimulator) -> None:
    """Home Assistant's own callback goes on when the state comes back."""
    sim.oauth.state_returned = "fragment"
    dialog = await Dialog.at_menu(house, sim, redirect=HOME_ASSISTANTS)
    await dialog.agree(await dialog.opens())
    await dialog.add_plants()


async def with_cookie(house: House, sim: SungrowSimulator) -> None:
    """The integration's own views know the browser without any state."""
    sim.oauth.state_returned = "none"
    dialog = await Dialog.at_menu(house, sim, redirect=OURS)
    page = await dialog.opens()
    [cookie] = await house.context.cookies(f"{house.demo.url}{OURS}")
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    assert cookie["path"] == f"/api/{DOMAIN}"
    await dialog.agree(page)
    await dialog.add_plants()
    assert await house.context.cookies(f"{house.demo.url}{OURS}") == []


async def by_pasting(house: House, sim: SungrowSimulator) -> None:
    """The address that the browser ended at does, each time with a fresh link."""
    sim.oauth.state_returned = "none"
    dialog = await Dialog.at_menu(house, sim, redirect=HOME_ASSISTANTS)
    await dialog.choose("Paste the address")
    page = await dialog.opens(link="the page of iSolarCloud")
    first = page.url
    await dialog.agree(page)
    await shown(page, "Missing state parameter")
    address = page.url
    await dialog.fill(address=address.replace("code=", "code=x"))
    await dialog.submit()
    await shown(dialog.page, "The code was used already")
    link = dialog.page.get_by_role("link", name="the page of iSolarCloud")
    assert await link.get_attribute("href") not in {None, first}
    await dialog.fill(address=address)
    await dialog.submit()
    await dialog.add_plants()


async def forged(house: House, sim: SungrowSimulator) -> None:
    """Nobody else's code is taken while a dialog waits; that with its state is."""
    sim.oauth.state_returned = "query"
    dialog = await Dialog.at_menu(house, sim, redirect=OURS)
    page = await dialog.opens()
    exchanges = sim.oauth.tokens.exchanges
    code = sim.code()
    theirs = await house.browser.new_context()
    for path, query in (
        (OURS, f"code={code}"),
        (OURS, f"code={code}&state="),
        (OURS, f"code={code}&state=forged"),
        (HOME_ASSISTANTS, f"code={code}"),
        (HOME_ASSISTANTS, f"code={code}&state=forged"),
    ):
        url = f"{house.demo.url}{path}?{query}"
        answer = await theirs.request.get(url)
        assert "window.close" not in await answer.text(), url
        assert answer.status == 400 or "Missing state" in await answer.text(), url
    # Nor with the cookie, if another page sends the browser with a state of its own
    forger = await house.context.new_page()
    answer = await forger.goto(f"{house.demo.url}{OURS}?code={code}&state=forged")
    assert answer is not None
    assert answer.status == 400
    assert sim.oauth.tokens.exchanges == exchanges
    assert await house.entries(DOMAIN) == []
    await dialog.agree(page)
    await dialog.add_plants()
    await theirs.close()


JOURNEYS: tuple[Journey, ...] = (with_state, with_cookie, by_pasting, forged)


@pytest.mark.slow
async def test_authorization(
    socket_enabled: None, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    """Each journey ends as it says; one Home Assistant serves them all."""
    sim = SungrowSimulator()
    await sim.start()
    try:
        async with open_house(tmp_path, DOMAIN) as house:
            for journey in JOURNEYS:
                with subtests.test(journey.__name__):
                    await journey(house, sim)
                await house.tidy(DOMAIN)
            assert house.complaints == []
    finally:
        await sim.stop()
