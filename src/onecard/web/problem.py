"""What a door answers where something is wrong: RFC 9457, with the title in zh and en."""

from typing import Any

from onecard.uses.plan import SeqReused
from onecard.values.error import OnecardError

__all__ = [
    "MEDIA_TYPE", "Failed", "MethodWrong", "SeqReusedError", "TokenMissing", "TokenUnknown", "problem_headers", "problem_of", "seq_reused",
]  # fmt: skip

MEDIA_TYPE = "application/problem+json"


class SeqReusedError(OnecardError):
    """Other content under a (terminal, seq) that is taken; both are kept."""

    code = "seq-reused"
    http_status = 409
    zh = "终端 {terminal} 的序号 {seq} 已经用于另一笔内容。原来那一笔不变，请换用新的序号。"
    en = "Terminal {terminal} has used seq {seq} for other content. That use stands; send this one with a new seq."


class Failed(OnecardError):
    """Our own mistake: the log holds it, the answer does not."""

    code = "failed"
    http_status = 500
    zh = "系统内部出错，已记入日志。刷卡请用同一序号重新发送：已记录的不会重复。"
    en = "Something failed here, and is in the log. Send a use again with the same seq: what is recorded is never repeated."


class MethodWrong(OnecardError):
    """A method that this address does not take."""

    code = "method-wrong"
    http_status = 405
    zh = "这个地址只接受 {allowed}。"
    en = "This address takes {allowed} only."


class TokenMissing(OnecardError):
    """No bearer token."""

    code = "token-missing"
    http_status = 401
    zh = "缺少令牌。请在 Authorization 头中发送 Bearer 令牌。"
    en = "There is no token. Send `Authorization: Bearer TOKEN`."


class TokenUnknown(OnecardError):
    """A token that nobody was given, or that was withdrawn."""

    code = "token-unknown"
    http_status = 401
    zh = "令牌无效或已停用。请向市民卡公司申请新的令牌。"
    en = "This token is not known, or was withdrawn. Ask the card company for a new one."


def problem_of(mistake: OnecardError) -> dict[str, Any]:
    """Return the problem document of *mistake*; it never repeats what came in."""
    return {
        "type": f"/problems/{mistake.code.replace('.', '/').replace('_', '-')}",
        "title": {"zh": mistake.said_zh, "en": mistake.said_en},
        "status": mistake.http_status,
        "detail": mistake.said_en,
        "field": mistake.field,
    }


def problem_headers(mistake: OnecardError) -> dict[str, str]:
    """Return what the answer to *mistake* tells in its headers: when to come again, how to sign in, which method is taken."""
    headers = {}
    if mistake.http_status in (429, 503):
        headers["retry-after"] = str(mistake.facts.get("retry_after", 1))
    if mistake.http_status == 401:
        headers["www-authenticate"] = "Bearer"
    if mistake.http_status == 405:
        headers["allow"] = str(mistake.facts["allowed"])
    return headers


def seq_reused(reused: SeqReused) -> SeqReusedError:
    """Return the mistake that a taken (terminal, seq) is."""
    return SeqReusedError(terminal=reused.terminal, seq=reused.seq, field="seq")
