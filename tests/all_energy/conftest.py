"""The hub in a real Home Assistant, with made-up vendors in a folder of the test's."""

import asyncio
from collections.abc import Generator, Iterator
from contextlib import contextmanager
import errno
from pathlib import Path
import shutil
import sys
import threading
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

import custom_components
from custom_components.all_energy import hub as hub_module
from custom_components.all_energy.const import CONF_VENDORS, DOMAIN, NAME
from custom_components.all_energy.installer import Installer, Vendor

from .made_up import CAR, NAMES, SOLAR, TARIFF, Bundle


@pytest.fixture
def bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, enable_custom_integrations: None
) -> Generator[Bundle]:
    """A bundle of three vendors, of which none is installed.

    No test's file work may be done in the event loop's thread.
    """
    made = Bundle(tmp_path)
    for domain in (SOLAR, TARIFF, CAR):
        made.carry(domain)
    monkeypatch.setattr(hub_module, "FOLDER", made.hub)
    paths = [*custom_components.__path__, str(made.components)]
    monkeypatch.setattr(custom_components, "__path__", paths)
    in_loop: list[str] = []
    monkeypatch.setattr(hub_module, "Installer", watched(in_loop))
    yield made
    for name in [name for name in sys.modules if is_made(name)]:
        del sys.modules[name]
    assert in_loop == []


def watched(in_loop: list[str]) -> type[Installer]:
    """Return an installer that notes what it has to do in the event loop's thread."""

    class Watched(Installer):
        def _watch(self, name: str) -> None:
            if threading.current_thread() is threading.main_thread():
                in_loop.append(name)

        def look(self) -> list[Vendor]:
            self._watch("look")
            return super().look()

        def bring(self, *args: Any, **kwargs: Any) -> list[str]:
            self._watch("bring")
            return super().bring(*args, **kwargs)

        def remove(self, domain: str) -> bool:
            self._watch("remove")
            return super().remove(domain)

    return Watched


@contextmanager
def full_disk(*domains: str) -> Iterator[None]:
    """Leave no room for some vendors, or for any."""
    copy = shutil.copyfile

    def refuse(source: Path, target: Path) -> None:
        if not domains or not {*domains}.isdisjoint(source.parts):
            raise OSError(errno.ENOSPC, "No space left on device")
        copy(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("shutil.copyfile", refuse)
        yield


class Held:
    """A function that a test lets go on when it has seen it begin."""

    def __init__(self, patch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
        """Hold its first call, before it does anything, in a thread of an executor."""
        self._began, self._may_go_on = threading.Event(), threading.Event()
        original = getattr(owner, name)

        def held(*args: Any, **kwargs: Any) -> Any:
            if not self._began.is_set():
                self._began.set()
                assert self._may_go_on.wait(10)
            return original(*args, **kwargs)

        patch.setattr(owner, name, held)

    async def began(self) -> None:
        """Wait until it is called."""
        assert await asyncio.to_thread(self._began.wait, 10)

    def go_on(self) -> None:
        """Let it do what it does."""
        self._may_go_on.set()


def is_made(name: str) -> bool:
    return any(name.startswith(f"custom_components.{domain}") for domain in NAMES)


def hub_entry(*ticked: str, **data: Any) -> MockConfigEntry:
    """Return the hub's entry."""
    return MockConfigEntry(
        domain=DOMAIN, title=NAME, data=data, options={CONF_VENDORS: list(ticked)}
    )


async def set_up(hass: HomeAssistant, *ticked: str, **data: Any) -> MockConfigEntry:
    """Set the hub up with some vendors ticked, and let all that follows end."""
    entry = hub_entry(*ticked, **data)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


def add_vendor(hass: HomeAssistant, domain: str, **kwargs: Any) -> MockConfigEntry:
    """Have a vendor set up by somebody, though Home Assistant did not start it yet."""
    entry = MockConfigEntry(domain=domain, title=f"My {NAMES[domain]}", **kwargs)
    entry.add_to_hass(hass)
    return entry
