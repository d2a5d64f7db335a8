"""Every text that people may see exists, and none that nobody sees."""

import pytest

from custom_components.alphaess_energy._vendor.core.client.errors import WriteUnknown
from custom_components.alphaess_energy._vendor.core.control.intent import Kind
from custom_components.alphaess_energy._vendor.core.ha.errors import error_key
from custom_components.alphaess_energy.const import DOMAIN
from custom_components.alphaess_energy.services import CONTROL

from .. import keys_in_code as code
from ..text_tests import ControlTexts
from ..translation_rules import Texts, wrong_style

TEXTS = Texts(DOMAIN)


class TestTexts(ControlTexts):
    """The rules of all vendors."""

    texts = TEXTS
    flows = ("config", "options")


def test_reasons_are_found() -> None:
    """The search sees the known ones, however they are written down."""
    found = code.reasons(TEXTS.trees("_vendor/core", "api", "."))
    assert found >= {
        "not_json",  # reason=
        "clock_skew",  # one of two
        "wrong_code",  # in the table of codes
        "dns",  # in the table of exceptions
        "refused",  # returned
        "no_recent_data",  # above the client
    }


def test_refusals_are_found() -> None:
    """The search sees the known ones, however they are written down."""
    found = code.refused(TEXTS.trees())
    assert found["not_supported"] == {"can"}  # constant
    assert found["soc_range"] == {"low", "high"}  # checked by a helper
    assert found["no_battery"] == set()  # one of two
    assert "system_gone" in found  # an obstacle


def test_unknown_writes_say_so() -> None:
    """After a lost answer it matters most that nobody knows, whatever the reason."""
    for reason in (None, "vendor_busy", "disconnected"):
        assert error_key(WriteUnknown("", reason=reason)) == "write_unknown"


def test_what_a_system_can_be_asked() -> None:
    """Each of its intents has a text."""
    able = {str(kind) for kind in CONTROL.kinds if kind is not Kind.HOLD} | {
        "self_use",
        "hold_discharge",
        "hold_both",
    }
    assert set(TEXTS.english["selector"]["intent"]["options"]) == able


@pytest.mark.parametrize(
    "text",
    [
        "see https://example.com",
        "see open.example.com",
        "<b>bold</b>",
        " blank",
        "blank\n",
        "",
        "the '{name}' one",
        "{two words}",
        "{",
    ],
)
def test_style_rule_sees(text: str) -> None:
    """The rule for the style is no empty one."""
    assert wrong_style({"title": text})
