"""What identifies a region and an application (reference sections 1 and 2.7)."""

import pytest

from custom_components.sungrow_energy.api import regions

APP_KEY = "0A1B2C3D4E5F60718293A4B5C6D7E8F9"
SECRET = "s3cr3tkey0123456789abcdefghijkl0"


def test_the_authorize_url_is_the_one_of_the_reference() -> None:
    region = regions.region("eu")
    assert region is not None
    url = regions.authorize_url(
        region.web_url,
        region.cloud_id,
        "499",
        "https://my.home-assistant.io/redirect/oauth",
        "STATE",
    )
    assert url == (
        "https://web3.isolarcloud.eu/?state=STATE#/authorized-app?cloudId=3"
        "&applicationId=499"
        "&redirectUrl=https%3A%2F%2Fmy.home-assistant.io%2Fredirect%2Foauth&state=STATE"
    )


def test_a_state_cannot_leave_its_place() -> None:
    url = regions.authorize_url("http://h:1/", 3, "499", "http://a/b", "x#&=%")
    assert url.startswith("http://h:1/?state=x%23%26%3D%25#/authorized-app?")
    assert url.endswith("&state=x%23%26%3D%25")


def test_regions_are_told_apart() -> None:
    for attribute in ("key", "base_url", "web_url", "cloud_id"):
        found = {getattr(region, attribute) for region in regions.REGIONS}
        assert len(found) == len(regions.REGIONS)
    assert regions.region("moon") is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (" 499 ", "499"),
        (
            "https://h/#/authorized-app?cloudId=3&applicationId=499&redirectUrl=x",
            "499",
        ),
        ("https://developer-api.isolarcloud.com/#/editApplication?id=499", "499"),
        ("https://h/?state=1#/authorized-app?applicationid=12&cloudId=3", "12"),
        ("https://h/#/authorized-app?cloudId=3", None),
        ("my application", None),
        ("", None),
        ("٤٩٩", None),
        ("9" * 19, None),
    ],
)
def test_an_application_id_is_found_in_what_was_pasted(
    typed: str, found: str | None
) -> None:
    assert regions.application_id(typed) == found


def test_keys_are_taken_without_blanks() -> None:
    assert regions.app_key(f" {APP_KEY}\n") == APP_KEY
    assert regions.secret_key(f"\t{SECRET} ") == SECRET


@pytest.mark.parametrize("typed", ["", APP_KEY[:-1], APP_KEY + "0", APP_KEY[:-1] + "G"])
def test_what_is_no_app_key_is_none(typed: str) -> None:
    assert regions.app_key(typed) is None


@pytest.mark.parametrize("typed", ["", SECRET[:-1], SECRET + "0", SECRET[:-1] + "é"])
def test_what_is_no_secret_is_none(typed: str) -> None:
    assert regions.secret_key(typed) is None
