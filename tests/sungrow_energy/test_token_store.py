"""The file with the tokens: what is on disk is what can be read back."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store
import pytest

from custom_components.sungrow_energy.token_store import (
    NotSavedError,
    TokenState,
    TokenStore,
    newest,
)

STATE = TokenState(access="a", refresh="r", expires_at=2.0, obtained_at=1.0, begun=1.5)


async def test_what_is_saved_is_read_by_the_next_start(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    await TokenStore(hass, "account").save(STATE)
    assert await TokenStore(hass, "account").load() == STATE
    assert await TokenStore(hass, "another").load() is None
    [key] = hass_storage
    assert "account" not in key.removeprefix("sungrow_energy.")
    await TokenStore(hass, "account").remove()
    assert await TokenStore(hass, "account").load() is None


async def test_a_write_that_home_assistant_only_logs_is_noticed(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    store = TokenStore(hass, "account")
    await store.save(STATE)
    with (
        patch.object(Store, "_async_write_data", return_value=None),
        pytest.raises(NotSavedError),
    ):
        await store.save(replace(STATE, access="b"))
    assert await TokenStore(hass, "account").load() == STATE


async def test_a_file_that_cannot_be_read_is_none(hass: HomeAssistant) -> None:
    with patch.object(Store, "async_load", side_effect=HomeAssistantError):
        assert await TokenStore(hass, "account").load() is None


def test_the_file_wins_where_nobody_knows() -> None:
    """It has the marks, which the entry's copy has not."""
    copy = TokenState.of(STATE.entry_token)
    assert newest(STATE, copy) is STATE
    assert newest(None, copy) is copy
    assert newest(None, None) is None
