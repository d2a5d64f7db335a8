"""Answers of the gateway that are not a success (reference sections 2.2 and 4.2)."""

TEXTS = {
    "1": "success",
    "-1": "failed",
    "000": "unknown error",
    "001": "appkey is empty",
    "002": "token is empty",
    "003": "sys_code is empty",
    "009": "required parameter missing",
    "010": "parameter value invalid",
    "E00000": "appkey is invalid",
    "E00001": "api service has expired",
    "E00003": "token is invalid or has expired",
    "E900": "unauthorized access",
    "E901": "calls too frequent",
    "E902": "request must be encrypted",
    "E903": "the ip changes too often",
    "E904": "the random key cannot be decrypted",
    "E905": "the body cannot be decrypted",
    "E906": "api_key_param is missing",
    "E910": "nonce is repeated",
    "E911": "secret header is missing",
    "E912": "secret is illegal",
    "E913": "the time differs too much",
    "E914": "the secret does not belong to the appkey",
    "E916": "logins too frequent",
    "E918": "the ip is not in the white list",
    "E919": "the account is not in the white list",
    "E996": "api not found",
    "E998": "monthly limit of calls reached",
    "E999": "hourly limit of calls reached",
}
CHINESE = {"1": "成功", "E900": "未授权访问", "E00003": "令牌无效或已过期"}
CHINESE_ERROR = "请求失败"


class Refusal(Exception):
    """A call that the frame does not let through."""

    def __init__(self, code: str) -> None:
        """Answer a `result_code`."""
        super().__init__(code)
        self.code = code


class BadToken(Exception):
    """A business call without a token that counts; the switches say the answer."""


class WrongToken(Exception):
    """A token of the other flavour: HTTP 401 (reference section 2.5)."""


def text_of(code: str, *, chinese: bool) -> str:
    """Return `result_msg`."""
    if chinese:
        return CHINESE.get(code, CHINESE_ERROR)
    return TEXTS.get(code, "error")
