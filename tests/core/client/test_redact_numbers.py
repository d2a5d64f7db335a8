"""Of several things of a kind each has a number of its own."""

from core.client.redact import Redactor


def test_numbers_are_never_given_twice() -> None:
    """Also where a list is read again, and something is gone from it."""
    redactor = Redactor()
    for listed in (["SN0001", "SN0002"], ["SN0002", "SN0003"], ["SN0003", "SN0001"]):
        for serial in listed:
            redactor.number(serial, "device {} of plant 1")
    assert redactor.text("SN0001 SN0002 SN0003") == (
        "**device 1 of plant 1** **device 2 of plant 1** **device 3 of plant 1**"
    )


def test_kinds_are_numbered_by_themselves() -> None:
    redactor = Redactor()
    redactor.number("SN0001", "device {}")
    redactor.number("LOG001", "logger {}")
    redactor.number(None, "logger {}")
    redactor.number("LOG002", "logger {}")
    assert redactor.text("SN0001 LOG001 LOG002") == (
        "**device 1** **logger 1** **logger 2**"
    )
