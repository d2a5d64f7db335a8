"""Every text that people may see exists, and none that nobody sees."""

from custom_components.sungrow_energy.api.errors import NO_PERMISSION
from custom_components.sungrow_energy.const import DOMAIN
from custom_components.sungrow_energy.control.plans import LED_MODES
from custom_components.sungrow_energy.issues import GENERAL

from .. import keys_in_code as code
from ..text_tests import ControlTexts
from ..translation_rules import Texts

TEXTS = Texts(DOMAIN)


class TestTexts(ControlTexts):
    """The rules of all vendors."""

    texts = TEXTS
    other_selectors = {"intent", "region", "next"}
    # The flow tells what people can do about; its own tests see to the rest
    flows = ()
    modes = LED_MODES
    more_issues = {key: {"account"} for key in (*GENERAL, NO_PERMISSION)}

    def test_reasons_are_found(self) -> None:
        """The search sees the known ones, however they are written down."""
        found = code.reasons(TEXTS.trees("_vendor/core", "api", "."))
        assert found >= {"not_json", "no_permission", "hour_quota", "wrong_secret"}
