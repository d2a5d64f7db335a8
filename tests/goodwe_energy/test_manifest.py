"""What Home Assistant and HACS ask of the integration's folder."""

from custom_components.goodwe_energy.const import DOMAIN, NAME

from ..manifest_rules import imported_components
from ..text_tests import CommonFolder
from ..translation_rules import Texts

TEXTS = Texts(DOMAIN)


class TestFolder(CommonFolder):
    """The rules of all vendors."""

    texts = TEXTS


def test_manifest_says_what_it_is() -> None:
    """A purely cloud product, an account with several plants, which is polled."""
    manifest = TEXTS.json("manifest.json")
    assert manifest["domain"] == "goodwe_energy"
    assert manifest["name"] == NAME == "GoodWe SEMS+"
    assert manifest["iot_class"] == "cloud_polling"
    assert manifest["integration_type"] == "hub"


def test_components_are_found() -> None:
    """The search sees what is imported."""
    assert imported_components(TEXTS) >= {"sensor", "recorder"}
