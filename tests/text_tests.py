"""Tests of an integration's texts and folder, for every vendor.

A vendor's module makes classes of them: ``class TestTexts(ControlTexts): texts = ...``.
"""

from collections.abc import Collection, Mapping
import json
import tomllib
from typing import Any, ClassVar

from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration

from core.client.errors import ApiError, WriteUnverified
from core.control.outcome import Problem
from core.ha.errors import ERROR_KEYS, error_key

from . import keys_in_code as code
from .manifest_rules import (
    brand_faults,
    manifest_faults,
    platform_faults,
    quality_faults,
    undeclared_components,
)
from .translation_rules import (
    ROOT,
    Texts,
    action_faults,
    entity_faults,
    icon_faults,
    placeholders,
    selector_faults,
    strings,
    undescribed_fields,
    wrong_style,
)

# Only read back after a change, which no flow does
NOT_IN_FLOWS = {ERROR_KEYS[WriteUnverified]}

# The problems of control, with what is always known of them
_DEVICE = {"account", "system", "device"}
PROBLEMS = {str(problem): _DEVICE for problem in Problem} | {
    str(Problem.RESTORE_FAILED): _DEVICE | {"detail"},
    str(Problem.MANY_WRITES): _DEVICE | {"writes", "most"},
    "left_forced": {"account", "system"},
}
FIXABLE = {str(Problem.FORCED_WITHOUT_LEASE)}


def keys_of(reasons: set[str]) -> set[str]:
    """Return what people are told for reasons and kinds of errors."""
    return {error_key(ApiError("", reason=reason)) for reason in reasons} | set(
        ERROR_KEYS.values()
    )


class CommonTexts:
    """Every text that people may see exists, and none that nobody sees."""

    texts: ClassVar[Texts]
    # Texts that something else than a field of an action uses
    other_selectors: ClassVar[set[str]] = set()
    # Modes of the vendor, which only some devices offer beside those of all
    modes: ClassVar[Collection[str]] = ()

    def test_entities(self) -> None:
        """Each entity has a name, each of its states a text; none is left over."""
        assert len(self.texts.descriptions) > 60
        faults = entity_faults(self.texts)
        if self.modes:
            faults = [
                fault
                for fault in faults
                if not fault.startswith("select.battery_mode has texts")
            ]
            (common,) = (
                description.options
                for platform, description in self.texts.descriptions
                if (platform, description.key) == ("select", "battery_mode")
            )
            states = self.texts.english["entity"]["select"]["battery_mode"]["state"]
            assert set(states) == {*common, *self.modes}
        assert faults == []

    def test_icons(self) -> None:
        """Icons belong to something, and a state's icon differs from the default."""
        assert icon_faults(self.texts) == []

    def test_actions(self) -> None:
        """services.yaml has the structure, the texts have a name for all of it."""
        assert action_faults(self.texts) == []

    def test_selectors(self) -> None:
        """What an action lets choose has a text."""
        assert selector_faults(self.texts, self.other_selectors) == []

    def test_style(self) -> None:
        """Home Assistant's validator accepts all texts."""
        assert wrong_style(self.texts.english) == []

    def test_fields_are_described(self) -> None:
        """Each field of a form has a description, and none is left over."""
        assert undescribed_fields(self.texts.english) == []

    def test_no_text_twice_in_the_file(self) -> None:
        """JSON would silently keep the last of two equal keys."""

        def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            keys = [key for key, _ in pairs]
            assert len(keys) == len(set(keys)), keys
            return dict(pairs)

        for name in ("translations/en.json", "icons.json", "manifest.json"):
            file = self.texts.folder / name
            json.loads(file.read_text("utf-8"), object_pairs_hook=unique)

    def test_sentences_end(self) -> None:
        """What tells of an error is a whole sentence."""
        for part in ("exceptions", "issues"):
            for path, text in strings(self.texts.english[part]):
                if not path.endswith("title"):
                    assert text.endswith((".", "({detail})")), path


class ControlTexts(CommonTexts):
    """The same for an integration that controls something."""

    other_selectors: ClassVar[set[str]] = {"intent"}
    # Flows that use the client, so that each of its errors can be shown in a form
    flows: ClassVar[tuple[str, ...]] = ("config",)
    # Issues whose keys are not written where they are raised, with their placeholders
    more_issues: ClassVar[Mapping[str, set[str]]] = {}

    def test_every_error_has_a_text(self) -> None:
        """Whatever the client gives as a reason, an action can tell it."""
        wanted = keys_of(code.reasons(self.texts.trees()))
        assert wanted - set(self.texts.english["exceptions"]) == set()

    def test_every_form_error_has_a_text(self) -> None:
        """Whatever the client gives as a reason, a form can tell it."""
        wanted = keys_of(code.reasons(self.texts.trees("_vendor/core/client", "api")))
        wanted |= code.form_errors(self.texts.trees())
        for part in self.flows:
            assert wanted - set(self.texts.english[part]["error"]) == NOT_IN_FLOWS

    def test_exceptions_and_their_placeholders(self) -> None:
        """Each key that is raised has a text, each text is raised, and filled in."""
        trees = self.texts.trees()
        raised, refused = code.raised(trees), code.refused(trees)
        by_client = keys_of(code.reasons(trees))
        english = self.texts.english["exceptions"]
        texts = {key: item["message"] for key, item in english.items()}
        assert set(texts) == set(raised) | by_client | set(refused)
        for key, supplied in [*raised.items(), *refused.items()]:
            assert placeholders(texts[key]) <= supplied, key
        for key in by_client:
            # What is also refused has a text that fits both
            supplied = set() if key in refused else {"detail"}
            assert placeholders(texts[key]) == supplied, key

    def test_issues_and_their_placeholders(self) -> None:
        """Each issue that is raised has texts, and they get their placeholders.

        What can be mended has a flow instead of a description.
        """
        raised = code.issues(self.texts.trees()) | PROBLEMS | dict(self.more_issues)
        english = self.texts.english["issues"]
        assert set(english) == set(raised)
        for key, issue in english.items():
            parts = {"title", "fix_flow" if key in FIXABLE else "description"}
            assert set(issue) == parts, key
            text = " ".join(
                text for path, text in strings(issue) if ".abort." not in path
            )
            assert placeholders(text) <= raised[key], key

    def test_the_flow_that_mends(self) -> None:
        """It says why it could not."""
        for key in FIXABLE:
            flow = self.texts.english["issues"][key]["fix_flow"]
            assert set(flow["step"]) == {"confirm"}
            assert set(flow["abort"]) == {"not_loaded", "not_ended"}
            assert placeholders(flow["abort"]["not_ended"]) == {"detail"}


class CommonFolder:
    """What Home Assistant and HACS ask of the integration's folder."""

    texts: ClassVar[Texts]

    def test_manifest(self) -> None:
        """Loader, validator and HACS accept the manifest."""
        assert manifest_faults(self.texts) == []

    async def test_home_assistant_loads_it(self, hass: HomeAssistant) -> None:
        """The loader finds the integration, with a version that it can read."""
        integration = await async_get_integration(hass, self.texts.domain)
        assert not integration.is_built_in
        assert str(integration.version) == self.texts.json("manifest.json")["version"]
        assert integration.has_translations
        assert integration.has_branding

    def test_components_are_declared(self) -> None:
        """Whatever of Home Assistant is imported is loaded when it is needed."""
        assert undeclared_components(self.texts) == set()

    def test_one_version_everywhere(self) -> None:
        """Manifest and project are released together."""
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        assert self.texts.json("manifest.json")["version"] == project["version"]

    def test_oldest_home_assistant(self) -> None:
        """HACS offers it from the release on that it was written for."""
        hacs = json.loads((ROOT / "hacs.json").read_text("utf-8"))
        assert hacs["homeassistant"] == "2026.10.0"

    def test_brand_images(self) -> None:
        """An icon, and one for sharp screens."""
        assert brand_faults(self.texts) == []

    def test_quality_scale(self) -> None:
        """Each rule of the scale is answered."""
        assert quality_faults(self.texts) == []

    def test_platforms_run_in_parallel(self) -> None:
        """One slow device does not hold up the others."""
        assert platform_faults(self.texts) == []

    def test_no_links(self) -> None:
        """HACS and zip files would turn links into text files."""
        for folder in ("_vendor", "brand", "translations"):
            files = list((self.texts.folder / folder).rglob("*"))
            assert files
            assert not [path for path in files if path.is_symlink()]
