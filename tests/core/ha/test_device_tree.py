"""The registered devices of an entry, and what is missing for long enough."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceInfo
from pytest_homeassistant_custom_component.common import MockConfigEntry

from core.ha.device_tree import Absences, DeviceTree


def tree_of(hass: HomeAssistant) -> DeviceTree:
    """Return a plant with a hub, two devices below that, and a stranger."""
    entry = MockConfigEntry(domain="one")
    entry.add_to_hass(hass)
    tree = DeviceTree(hass, entry, "one")
    tree.add(DeviceInfo(identifiers={("one", "plant")}))
    tree.add(DeviceInfo(identifiers={("one", "hub")}, **tree.via(None, "no", "plant")))
    for key in ("a", "b"):
        tree.add(DeviceInfo(identifiers={("one", key)}, **tree.via("hub", "plant")))
    other = MockConfigEntry(domain="two")
    other.add_to_hass(hass)
    DeviceTree(hass, other, "two").add(DeviceInfo(identifiers={("two", "c")}))
    return tree


async def test_what_hangs_below_what(hass: HomeAssistant) -> None:
    tree = tree_of(hass)
    assert tree.identifiers == {"plant", "hub", "a", "b"}
    assert tree.below("plant") == {"hub", "a", "b"}
    assert tree.below("a") == tree.below("nobody") == set()
    assert tree.via("nobody", None) == {}


async def test_removing(hass: HomeAssistant) -> None:
    tree = tree_of(hass)
    tree.remove(["a", "nobody"])
    assert tree.identifiers == {"plant", "hub", "b"}


def test_one_list_without_a_thing_proves_nothing() -> None:
    absences = Absences(2)
    assert absences.follow({"a", "b"}, {"c"}) == []
    assert absences.waiting == {"a", "b"}
    assert absences.follow({"a"}, {"b", "c"}) == ["a"]
    assert absences.waiting == set()
    assert absences.follow({"b"}, {"c"}) == []
