"""Every text that people may see exists, and none that nobody sees."""

from custom_components.goodwe_energy.const import DOMAIN

from .. import keys_in_code as code
from ..text_tests import ControlTexts
from ..translation_rules import Texts

TEXTS = Texts(DOMAIN)


class TestTexts(ControlTexts):
    """The rules of all vendors."""

    texts = TEXTS
    other_selectors = {"intent", "region"}
    # The flow tells what people can do about; its own tests see to the rest
    flows = ()
    modes = ("off_grid", "backup", "tou")

    def test_reasons_are_found(self) -> None:
        """The search sees the known ones, however they are written down."""
        found = code.reasons(TEXTS.trees("_vendor/core", "api", "."))
        assert found >= {"wrong_password", "agreement", "rate_limited", "no_rights"}
