"""What a person types into the dialogs of the vendors, in the words that these show."""

from collections.abc import Iterator, Mapping
import json
from typing import Any

from simulator.sungrow import PASSWORD, USER_NAME

from .folder import ROOT, Demo
from .vendor import Input, Vendor
from .vendors import VENDORS, entries_with_ports

type Texts = Mapping[str, Any]

BY_BROWSER = (  # the one errand that there is
    f"open the link, log in as {USER_NAME} with {PASSWORD} and agree",
    "paste the address where the browser ends",
)


def guide(demo: Demo) -> Iterator[str]:
    """Yields what to type for all vendors, line by line."""
    for vendor in VENDORS:
        texts = _texts(vendor)
        for number, (place, entry) in enumerate(entries_with_ports(vendor), 1):
            count = len(vendor.entries)
            yield f"{vendor.name}, {number} of {count}" if count > 1 else vendor.name
            for step, answer in entry(demo.simulator_url(place)).items():
                if isinstance(answer, Mapping):
                    words = texts["config"]["step"][step]
                    lines = _lines(texts, words, answer)
                else:
                    lines = iter(BY_BROWSER)
                yield from (f"    {line}" for line in lines)


def _texts(vendor: Vendor) -> Texts:
    """Returns a vendor's texts."""
    folder = ROOT / "custom_components" / vendor.domain / "translations"
    texts: Texts = json.loads((folder / "en.json").read_bytes())
    return texts


def _lines(texts: Texts, words: Texts, answer: Input) -> Iterator[str]:
    """Yields the lines of one step or section, whose words are among the texts."""
    for key, value in answer.items():
        if key == "next_step_id":
            yield f"choose {words['menu_options'][value]}"
        elif isinstance(value, Mapping):
            section = words["sections"][key]
            yield f"{section['name']}:"
            yield from (f"    {line}" for line in _lines(texts, section, value))
        else:
            options = texts.get("selector", {}).get(key, {}).get("options", {})
            yield f"{words['data'][key]}: {_shown(value, options)}"


def _shown(value: Any, options: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ", ".join(value)
    return options.get(str(value), str(value))
