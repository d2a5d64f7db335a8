"""Signatures (alphaess.md section 2)."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.alphaess_energy.api.auth import Signer, signature


@pytest.mark.parametrize(
    ("app_id", "app_secret", "timestamp", "expected"),
    [
        (
            "alphaef7900ee81dbbce9",
            "c2d2ef6c047c49678e2c332fb2d74c3c",
            "1676353875",
            (
                "0f023c2287b8f6b21b0994947465f8e9de0e1542567b1735bdc6c427336b9b64"
                "06285cd94f9215c3e9af958df37fb11c2c9fe792713d8afbdb8c463359a1add8"
            ),
        ),
        (
            "alpha0123456789abcdef",
            "0123456789abcdef0123456789abcdef",
            "1760000000",
            (
                "6b37331a1b14a908fa110c3724f32cab028fdf3deb928ac3a787422ca90c4792"
                "2a37d1045d9bf3abe0423cc53e733c90ef370422d8fbe03a1795112497a58bd9"
            ),
        ),
    ],
)
def test_worked_examples(
    app_id: str, app_secret: str, timestamp: str, expected: str
) -> None:
    """Both examples of the reference."""
    assert signature(app_id, app_secret, timestamp) == expected
    now = datetime.fromtimestamp(int(timestamp) + 0.9, UTC)
    assert Signer(app_id, app_secret).headers(now) == {
        "appId": app_id,
        "timeStamp": timestamp,
        "sign": expected,
    }


def test_a_corrected_clock() -> None:
    """The server's time is signed and sent, in whole seconds."""
    signer = Signer("alpha0123456789abcdef", "0123456789abcdef0123456789abcdef")
    signer.offset = timedelta(seconds=-600)
    headers = signer.headers(datetime.fromtimestamp(1760000600, UTC))
    assert headers["timeStamp"] == "1760000000"
    assert headers["sign"].startswith("6b37331a")


def test_the_secret_is_not_shown() -> None:
    """Not even in a debugger's line."""
    assert "c2d2ef6c" not in repr(Signer("x", "c2d2ef6c047c49678e2c332fb2d74c3c"))
