"""Secrets that were typed into a dialog and need not be typed again.

Where something else is wrong with a form, a mark stands for each secret in its field.
The secret itself does not go back to the browser, and is forgotten with the dialog.
"""

from collections.abc import Mapping
from typing import Any

from homeassistant.helpers.selector import TextSelector, TextSelectorType
import probatio

MARK = "__**secret_not_changed**__"


class KeptSecrets:
    """What was typed into a dialog last."""

    def __init__(self) -> None:
        """Begin with nothing typed."""
        self._typed: dict[str, Any] = {}

    def filled_in(self, user_input: Mapping[str, Any]) -> dict[str, Any]:
        """Return a form's input with the secrets that its marks stand for."""
        self._typed = unmarked(user_input, self._typed)
        return self._typed

    def marks(
        self, schema: probatio.Schema, errors: Mapping[str, str]
    ) -> dict[str, str]:
        """Return what is suggested for a form's secrets: all but the wrong ones."""
        return marks(schema, errors, self._typed)


def unmarked(user_input: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form's input with what was typed before where a mark was left."""
    return {
        key: typed.get(key, "") if value == MARK else value
        for key, value in user_input.items()
    }


def marks(
    schema: probatio.Schema, errors: Mapping[str, str], typed: Mapping[str, Any]
) -> dict[str, str]:
    """Return marks for the secrets of a form that are known and not told to be wrong."""
    return {
        str(key): MARK
        for key, field in schema.schema.items()
        if _is_secret(field) and typed.get(str(key)) and str(key) not in errors
    }


def _is_secret(field: object) -> bool:
    return (
        isinstance(field, TextSelector)
        and field.config.get("type") == TextSelectorType.PASSWORD
    )
