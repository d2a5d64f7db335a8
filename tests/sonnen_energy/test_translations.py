"""Every text that people may see exists, and none that nobody sees."""

from custom_components.sonnen_energy._vendor.core.control.intent import Kind
from custom_components.sonnen_energy.const import DOMAIN
from custom_components.sonnen_energy.plans import MODES

from .. import keys_in_code as code
from ..text_tests import ControlTexts
from ..translation_rules import Texts

TEXTS = Texts(DOMAIN)


class TestTexts(ControlTexts):
    """The rules of all vendors."""

    texts = TEXTS
    modes = MODES

    def test_reasons_are_found(self) -> None:
        """The search sees the known ones, however they are written down."""
        found = code.reasons(TEXTS.trees("_vendor/core", "api", "."))
        assert found >= {"not_json", "use_https", "vpp", "write_api_off", "booting"}

    def test_form_errors_of_its_own(self) -> None:
        """What only its flow can say has a text too."""
        wanted = {"not_sonnen", "invalid_serial", "invalid_auth"}
        assert wanted <= set(TEXTS.english["config"]["error"])

    def test_what_a_battery_can_be_asked(self) -> None:
        """Both forces have a text."""
        assert {str(Kind.FORCE_CHARGE), str(Kind.FORCE_DISCHARGE)} <= set(
            TEXTS.english["selector"]["intent"]["options"]
        )
