"""Return codes of AlphaCloud and their texts (alphaess.md section 4)."""

from typing import Literal

type Language = Literal["en", "zh"]

SUCCESS = 200
PARAMETER = 6001
NOT_REGISTERED = 6002
ALREADY_BOUND = 6003
CHECK_CODE = 6004
NOT_BOUND = 6005
TIMESTAMP = 6006
SIGNATURE = 6007
SET_FAILED = 6008
WHITELIST = 6009
NO_SIGNATURE = 6010
NO_TIMESTAMP = 6011
NO_APP_ID = 6012
NO_DATA = 6016
NO_PERMISSION = 6017
BUSY = 6026
FAILED = 6029
UNKNOWN_SYSTEM = 6038
OFFLINE = 6042
VERIFICATION_CODE = 6046
TOO_FAST = 6053
MALFORMED = 10001

CLOCK_TEXT = "The request timestamp is not within the validity period"
"""What 6009 says when it means the clock."""

_TEXTS: dict[Language, dict[int, str]] = {
    "en": {
        SUCCESS: "Success",
        PARAMETER: "Parameter error",
        NOT_REGISTERED: "The SN is not bound to the user",
        ALREADY_BOUND: "You have bound this SN",
        CHECK_CODE: "CheckCode error",
        NOT_BOUND: "This appId is not bound to the SN",
        TIMESTAMP: "Timestamp error",
        SIGNATURE: "Sign verification error",
        SET_FAILED: "Set failed",
        WHITELIST: "Whitelist verification failed",
        NO_SIGNATURE: "Sign is empty",
        NO_TIMESTAMP: "timestamp is empty",
        NO_APP_ID: "AppId is empty",
        NO_DATA: "Data does not exist or has been deleted",
        NO_PERMISSION: "No operation permissions",
        BUSY: "network is busy",
        FAILED: "operation failed",
        UNKNOWN_SYSTEM: "system sn does not exist",
        OFFLINE: "system offline",
        VERIFICATION_CODE: "Verification code error",
        TOO_FAST: "The request was too fast, please try again later",
        MALFORMED: "Parameter error",
    },
    # The reference only knows that the texts can be Chinese, not which: these are ours
    "zh": {
        SUCCESS: "操作成功",
        PARAMETER: "参数错误",
        NOT_REGISTERED: "该SN未绑定用户",
        ALREADY_BOUND: "您已绑定该SN",
        CHECK_CODE: "校验码错误",
        NOT_BOUND: "该appId未绑定此SN",
        TIMESTAMP: "时间戳错误",
        SIGNATURE: "签名校验错误",
        SET_FAILED: "设置失败",
        WHITELIST: "白名单校验失败",
        NO_SIGNATURE: "签名为空",
        NO_TIMESTAMP: "时间戳为空",
        NO_APP_ID: "AppId为空",
        NO_DATA: "数据不存在或已被删除",
        NO_PERMISSION: "无操作权限",
        BUSY: "网络繁忙",
        FAILED: "操作失败",
        UNKNOWN_SYSTEM: "系统SN不存在",
        OFFLINE: "系统离线",
        VERIFICATION_CODE: "验证码错误",
        TOO_FAST: "请求过快,请稍后再试",
        MALFORMED: "参数错误",
    },
}


def text_of(code: int, language: Language) -> str:
    """Return the usual text of a code."""
    return _TEXTS[language].get(code, "error")
