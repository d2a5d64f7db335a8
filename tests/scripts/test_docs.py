"""scripts/docs: tables that are made from the code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import json
from pathlib import Path

from homeassistant.components.sensor import SensorDeviceClass, SensorEntityDescription
from homeassistant.helpers.entity import EntityDescription
import pytest

from scripts.docslib import actions, entities
from scripts.docslib.__main__ import run
from scripts.docslib.finder import descriptions, modules
from scripts.docslib.integration import Integration, integrations
from scripts.docslib.markdown import plain, replace_block, table
from scripts.docslib.meanings import load
from scripts.docslib.pages import Pages

from ..translation_rules import ROOT, Texts
from .docs_project import COMMON, ENGLISH, FOUND, OWN, Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def rows(meanings: Mapping[tuple[str, str], str]) -> list[str]:
    found = entities.collect(FOUND, ENGLISH["entity"])
    return entities.render(found, dict(meanings)).splitlines()


def test_entities_of_one_name_are_one_row() -> None:
    assert "| String *n* power | W, kW | Much | varies | varies |" in rows(
        {("sensor", "string_power"): "Much"}
    )


def test_rows_say_unit_and_kind() -> None:
    found = rows({("switch", "run"): "This | that"})

    assert "| Income | currency | — | diagnostic | yes |" in found
    assert "| Full cost | — | — |  | yes |" in found
    assert "| Reserve | % | — | setting | no |" in found
    assert r"| Run \| stop | — | This \| that |  | yes |" in found


@dataclass(frozen=True, kw_only=True)
class FamilyDescription(SensorEntityDescription):
    """Is enabled in some families of devices only."""

    @property
    def defaults(self) -> set[bool]:
        return {True, False}


def test_what_only_the_device_decides_varies() -> None:
    found = entities.collect(
        [("sensor", FamilyDescription(key="one", translation_key="one"))],
        {"sensor": {"one": {"name": "One"}}},
    )
    assert "| One | — | — |  | varies |" in entities.render(found, {})


def test_units_and_blanks_of_texts() -> None:
    found = entities.collect(
        [("sensor", SensorEntityDescription(key="one", translation_key="one"))],
        {"sensor": {"one": {"name": "Sent{more}", "unit_of_measurement": "requests"}}},
    )
    assert "| Sent *more* | requests | — |  | yes |" in entities.render(found, {})


def test_tables_by_platform_sorted_by_name() -> None:
    found = rows({})

    heads = [line for line in found if line.startswith("###")]
    assert heads == ["### Sensors", "### Numbers", "### Switches"]
    names = [line.split(" | ")[0] for line in found if " | — | " in line]
    assert names[:4] == [
        "| Cost of a day",
        "| Full cost",
        "| Income",
        "| String *n* power",
    ]


def test_a_template_stands_for_the_texts_that_end_like_it() -> None:
    found = entities.collect(FOUND, ENGLISH["entity"])

    assert found["sensor", "day_cost"].units == {"AUD"}
    # that one has a description of its own
    assert found["sensor", "full_cost"].units == {"—"}


def test_a_unit_that_the_vendor_says() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Described(SensorEntityDescription):
        unit_fn: Callable[[], str] | None = None

    texts = {"sensor": {"price": {"name": "Price"}}}
    for unit_fn, unit in ((None, "—"), (lambda: "EUR/kWh", "vendor's own")):
        description = Described(key="x", translation_key="price", unit_fn=unit_fn)
        found = entities.collect([("sensor", description)], texts)
        assert found["sensor", "price"].units == {unit}


def test_a_platform_that_has_no_heading() -> None:
    found = entities.collect(
        [("siren", EntityDescription(key="x", translation_key="x"))], {}
    )

    with pytest.raises(ValueError, match="siren"):
        entities.render(found, {})


def test_write_then_check(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert project.run(check=False) == 0
    assert capsys.readouterr().out == "docs/acme.md is new\n"
    page = project.page.read_text("utf-8")
    assert "| Reserve | % | What is kept | setting | no |" in page
    assert r"| Run \| stop | — | Whether it \| runs |  | yes |" in page
    assert "# Acme\n\n<!--" in page
    assert "-->\n\nby hand\n\n<!--" in page
    assert page.endswith("-->\n\nthe end\n")

    assert project.run(check=True) == 0
    assert project.run(check=False) == 0
    assert capsys.readouterr().out == ""
    assert project.page.read_text("utf-8") == page


def test_check_tells_and_changes_nothing(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.run(check=False)
    page = project.page.read_text("utf-8").replace("| W, kW |", "| MW |")
    project.page.write_text(page, "utf-8")
    capsys.readouterr()

    assert project.run(check=True) == 1
    told = capsys.readouterr().out.splitlines()
    assert [line.split(" | ")[1] for line in told[:2]] == ["MW", "W, kW"]
    assert told[0].startswith("docs/acme.md: -| String")
    assert told[1].startswith("docs/acme.md: +| String")
    assert told[2:] == ["docs/acme.md: is not what the code says, run scripts/docs"]
    assert project.page.read_text("utf-8") == page


def test_a_long_difference_is_cut(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert project.run(check=True) == 1
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 14
    assert told[-2].endswith("more lines")


@pytest.mark.parametrize("check", [True, False])
def test_meanings_and_entities_must_match(
    project: Project, capsys: pytest.CaptureFixture[str], check: bool
) -> None:
    project.run(check=False)
    own = OWN.replace("  full_cost:", "  costs:").replace(
        "  income:", "  income_today:"
    )
    project.write("docs/meanings/acme_energy.yaml", own)
    project.write("docs/meanings/common.yaml", f"{COMMON}  runs: Nothing\n")
    capsys.readouterr()

    assert project.run(check=check) == 1
    told = capsys.readouterr().out.splitlines()
    file = "docs/meanings/acme_energy.yaml"
    assert {line for line in told if "meanings" in line} == {
        f"{file}: sensor.full_cost has no meaning",
        f"{file}: sensor.income has no meaning",
        f"{file}: sensor.costs is no entity",
        f"{file}: sensor.income_today is no entity",
        "docs/meanings/common.yaml: switch.runs is used by nobody",
    }


def test_a_name_without_an_entity_that_is_found(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.run(check=False)
    texts = {**ENGLISH["entity"], "button": {"restart": {"name": "Restart"}}}
    project.write(
        "custom_components/acme_energy/translations/en.json",
        json.dumps({**ENGLISH, "entity": texts}),
    )
    capsys.readouterr()

    assert project.run(check=True) == 1
    told = "docs/meanings/acme_energy.yaml: button.restart has a name, and no row\n"
    assert capsys.readouterr().out == told


def test_what_is_measured_has_a_unit(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    others = [item for item in FOUND if item[1].translation_key != "string_power"]
    power = SensorEntityDescription(
        key="x", translation_key="string_power", device_class=SensorDeviceClass.POWER
    )
    pages = Pages(project.docs, lambda _domain: [*others, ("sensor", power)])
    assert run(project.root, pages, check=False, names=[]) == 1

    told = "docs/meanings/acme_energy.yaml: sensor.string_power has no unit\n"
    assert capsys.readouterr().out.endswith(told)


def test_the_integrations_own_meaning_wins(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    own = f"{OWN}number:\n  reserve: What Acme keeps\n"
    project.write("docs/meanings/acme_energy.yaml", own)

    assert project.run(check=False) == 1
    assert "| Reserve | % | What Acme keeps |" in project.page.read_text("utf-8")
    told = "docs/meanings/common.yaml: number.reserve is used by nobody\n"
    assert capsys.readouterr().out.endswith(told)


def test_one_page_alone_needs_no_others(project: Project) -> None:
    project.write("docs/meanings/common.yaml", f"{COMMON}  runs: Nothing\n")
    project.write("docs/other.md", "[broken](nowhere.md)")
    assert project.run("acme", check=False) == 0
    assert project.run("acme", check=True) == 0
    assert project.run(check=True) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sensor:\n  a: x\n  a: y\n", "a is there twice"),
        ("sensor:\n  a: x\nsensor:\n  b: y\n", "sensor is there twice"),
        ("sensor: words\n", "'words' is no mapping"),
        ("- words\n", r"\['words'\] is no mapping"),
        ("sensor:\n  a:\n", "None is no text"),
        ("sensor:\n  a: one: two\n", "mapping values are not allowed here"),
    ],
)
def test_damaged_meanings(
    project: Project, capsys: pytest.CaptureFixture[str], text: str, told: str
) -> None:
    project.write("docs/meanings/acme_energy.yaml", text)
    with pytest.raises(ValueError, match=told):
        load(project.docs / "meanings" / "acme_energy.yaml")

    assert project.run(check=True) == 1
    assert "docs/meanings/acme_energy.yaml: " in capsys.readouterr().out


def test_a_full_stop(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.write("docs/meanings/common.yaml", COMMON.replace("kept", "kept."))
    assert project.run(check=False) == 1
    fault = "docs/meanings/common.yaml: number.reserve ends with a full stop"
    assert fault in capsys.readouterr().out


def test_no_page(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.page.unlink()
    assert project.run(check=False) == 1
    assert capsys.readouterr().out == "docs/acme.md: is not there\n"


@pytest.mark.parametrize(
    "page",
    [
        "no markers",
        "<!-- a:begin -->",
        "<!-- a:end --> <!-- a:begin -->",
        "<!-- a:begin --> <!-- a:begin --> <!-- a:end -->",
    ],
)
def test_markers(page: str) -> None:
    with pytest.raises(ValueError, match="a:begin"):
        replace_block(page, "a", "text")


def test_markers_that_are_missing(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.page.write_text("<!-- entities:begin --><!-- entities:end -->")
    assert project.run(check=False) == 1
    assert "actions:begin" in capsys.readouterr().out
    assert "### Sensors" in project.page.read_text()


def test_text_in_a_cell() -> None:
    assert table(("A", "B"), [(plain("x_y _z_ *a* <b>"), "`c|d`\ne")]).splitlines()[
        2
    ] == (r"| x_y \_z\_ \*a\* \<b\> | `c\|d` e |")


def test_modules_in_folders_too() -> None:
    found = {module.__name__ for module in modules("goodwe_energy")}
    assert "custom_components.goodwe_energy.control.slots" in found
    assert not any("._vendor" in name for name in found)


def test_integrations_with_a_page(project: Project) -> None:
    assert [item.page for item in integrations(project.root)] == ["acme"]
    assert {"alphaess", "amber", "goodwe"} < {item.page for item in integrations(ROOT)}


@pytest.mark.parametrize("integration", integrations(ROOT), ids=lambda item: item.page)
def test_every_text_has_a_row(integration: Integration) -> None:
    """What Home Assistant shows of an integration is what its page tells of."""
    found = entities.collect(
        descriptions(integration.domain), integration.english["entity"]
    )
    texts = Texts(integration.domain).english["entity"]
    assert {*found} == {
        (platform, key) for platform, keys in texts.items() for key in keys
    }
    # all platforms have a heading, all selectors a word
    assert entities.render(found, {}).count("\n| ") > len(found)
    said = actions.render(integration.domain, integration.services, integration.english)
    assert said.count("\n### ") == len(integration.services) - 1
