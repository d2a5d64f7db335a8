"""Every text that people may see exists, and none that nobody sees."""

from homeassistant.const import EntityCategory

from custom_components.growatt_energy.const import DOMAIN
from custom_components.growatt_energy.control_min.plans import DAY_MODES
from custom_components.growatt_energy.describe import ReadingDescription
from custom_components.growatt_energy.descriptions_electrics import ELECTRICS
from custom_components.growatt_energy.descriptions_flows import FLOWS
from custom_components.growatt_energy.families import Family
from custom_components.growatt_energy.tables.families import TABLES

from .. import keys_in_code as code
from ..text_tests import ControlTexts
from ..translation_rules import Texts, placeholders

TEXTS = Texts(DOMAIN)
# Shown otherwise than as a plain sensor
ELSEWHERE = {"status", "status_code", "priority_mode", "currency"}
READINGS: tuple[ReadingDescription, ...] = (*FLOWS, *ELECTRICS)


class TestTexts(ControlTexts):
    """The rules of all vendors."""

    texts = TEXTS
    other_selectors = {"intent", "region", "poll_minutes"}
    # The flow tells what people can do about; its own tests see to the rest
    flows = ()
    modes = DAY_MODES

    def test_reasons_are_found(self) -> None:
        """The search sees the known ones, however they are written down."""
        found = code.reasons(TEXTS.trees("_vendor/core", "api", "."))
        assert found >= {"not_json", "wrong_host", "rate_limit", "permission"}


def test_numbers_have_a_place_in_the_name() -> None:
    """What there is several times of says which one it is, and nothing else does."""
    sensors = TEXTS.english["entity"]["sensor"]
    for item in READINGS:
        assert item.translation_key is not None
        used = placeholders(sensors[item.translation_key]["name"])
        assert used == set(item.translation_placeholders or {}), item.key


def test_every_value_of_a_record_is_shown() -> None:
    """Each value that a table decodes has a sensor in that family."""
    for family, table in TABLES.items():
        keys = {field.key for field in table.fields if not field.key.startswith("_")}
        shown = {item.key for item in READINGS if family in item.families}
        left = {key for key in keys - shown - ELSEWHERE if not key.endswith("_serial")}
        if family is Family.SPA:  # its parts of the app's answers are those of a MIX
            left = {key for key in left if not key.startswith(("load_from", "revenue"))}
            left -= {"import_load_energy_today"}
        assert left == set(), family


def test_no_value_is_shown_twice() -> None:
    """One key is one sensor in each family."""
    for family in Family:
        keys = [item.key for item in READINGS if family in item.families]
        assert len(keys) == len(set(keys)), family


def test_what_is_shown_first_is_no_diagnosis() -> None:
    """Diagnostic readings are disabled by default."""
    for item in READINGS:
        if item.entity_category is EntityCategory.DIAGNOSTIC:
            assert not {*item.enabled_for, *item.if_used}, item.key
