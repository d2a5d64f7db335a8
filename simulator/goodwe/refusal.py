"""Answers that are not a success (reference section 4)."""

from typing import NamedTuple


class _Texts(NamedTuple):
    translation: str | None
    description: str


_TEXTS = {
    "100000": _Texts(None, "system error"),
    "100001": _Texts(None, "No access, please log in."),
    "100002": _Texts(None, "The authorization has expired, please log in again."),
    "100004": _Texts(None, "parameter error."),
    "100005": _Texts(None, "Email or password error."),
    "100025": _Texts(None, "no operation rights"),
    "A0210": _Texts("password_error", "密码错误"),
    "C0602": _Texts("account_login_abnormal", "账号登录异常"),
    "GY0429": _Texts(None, "请求过于频繁"),
    "P0214": _Texts(None, "missing parameter"),
    "P0215": _Texts("op_fail", "操作失败"),
    "R0305": _Texts("remote_control_fail", "远程控制失败"),
    "S0327": _Texts(None, "统计维度错误"),
    "read_fail": _Texts("read_fail", "读取失败"),
}


class Refusal(Exception):
    """A call that is answered with a code instead of data."""

    def __init__(self, code: str, description: str | None = None) -> None:
        """Refuse with a code; the text is the usual one unless it is given."""
        super().__init__(code)
        texts = _TEXTS.get(code, _Texts(None, "error"))
        self.code = code
        self.translation = texts.translation
        """`translationCode`, if there is one."""
        self.description = description or texts.description
