"""What the staff's doors refuse, each with what to do next."""

from onecard.values.error import OnecardError

__all__ = [
    "AccountExists", "AdminsDisjoint", "ApprovalNeeded", "CsrfMissing", "DigestChanged", "Locked", "NotAllowed", "NotSignedIn",
    "NotThere", "OwnWork", "PasswordWeak", "SelfGrant", "SignInWrong", "StaffUnknown", "TooManySignIns",
]  # fmt: skip


class SignInWrong(OnecardError):
    """Name, password or one-time code is wrong, or the code was used before: which of them is not told."""

    code = "staff.sign_in_wrong"
    http_status = 401
    exit_code = 1
    zh = "账号、密码或动态码不正确；动态码只能用一次，请等下一个再试。"
    en = "Name, password or one-time code is wrong. A code is good once: wait for the next one, then try again."


class Locked(OnecardError):
    """Too many wrong sign-ins: nothing is even looked at for a while."""

    code = "staff.locked"
    http_status = 429
    exit_code = 1
    zh = "登录失败次数过多，已暂时锁定，请在 {retry_after} 秒后再试。如非本人操作，请告知安全管理员。"
    en = "Too many wrong sign-ins; this is locked for {retry_after} seconds. If that was not you, tell the security administrator."


class TooManySignIns(OnecardError):
    """More people sign in at this moment than passwords can be checked."""

    code = "staff.too_many_sign_ins"
    http_status = 503
    exit_code = 3
    zh = "同时登录的人过多，请在 {retry_after} 秒后再试。"
    en = "Too many sign in at this moment. Try again in {retry_after} seconds."


class NotSignedIn(OnecardError):
    """No session, or one that ended: signed out, too long idle, too old, or rights have changed."""

    code = "staff.not_signed_in"
    http_status = 401
    exit_code = 2
    zh = "尚未登录，或登录已结束（退出、闲置过久、超过时限或权限有变动）。请重新登录；命令行请先 onecard login，再设置 ONECARD_SESSION。"
    en = "Not signed in, or the session ended: signed out, idle, too old, or rights changed. Sign in; commands read ONECARD_SESSION."


class CsrfMissing(OnecardError):
    """A write that does not carry the session's own token: another site's page may have sent it."""

    code = "staff.csrf_missing"
    http_status = 403
    zh = "请求缺少正确的 X-CSRF-Token，未作任何改动。请刷新页面后重试。"
    en = "The request carries no right X-CSRF-Token; nothing was changed. Load the page again and retry."


class NotAllowed(OnecardError):
    """The object is in scope, and the role may not."""

    code = "staff.not_allowed"
    http_status = 403
    exit_code = 1
    zh = "您的角色没有此项权限。如确需办理，请联系安全管理员授权。"
    en = "Your role may not do this. If it should, ask the security administrator for the right."


class NotThere(OnecardError):
    """Absent, or out of scope: the two are one answer."""

    code = "staff.not_there"
    http_status = 404
    exit_code = 1
    zh = "没有这项内容。请核对编号。"
    en = "There is no such thing. Check its name."


class OwnWork(OnecardError):
    """Who prepared it, himself or through a delegate, is not its second person."""

    code = "staff.own_work"
    http_status = 403
    exit_code = 1
    zh = "经办人及其代理人不能复核本人经办的事项。请由另一位有权限的人办理。"
    en = "Whoever prepared this, or stood in for him, cannot be its second person. Let somebody else decide."


class DigestChanged(OnecardError):
    """The digest that was sent is not that of what waits."""

    code = "staff.digest_changed"
    http_status = 409
    exit_code = 1
    zh = "复核的内容与提交的摘要不一致，未作决定。请重新查看内容后再复核。"
    en = "What waits has another digest than the one sent; nothing was decided. Look at it again, then decide."


class ApprovalNeeded(OnecardError):
    """The approval that was named does not open this: not approved, another's, of something else, or used up."""

    code = "staff.approval_needed"
    http_status = 403
    exit_code = 1
    zh = "此项须先由第二人同意，且每次同意只能使用一次。"
    en = "This needs a second person's approval first, and each approval is good once."


class PasswordWeak(OnecardError):
    """A new password that is too short, too long, the old one, or holds the account's name."""

    code = "staff.password_weak"
    zh = "新密码应为 {least} 到 {most} 个字符，不同于旧密码，且不含账号名。"
    en = "A new password has {least} to {most} characters, is not the old one, and does not hold the account's name."


class StaffUnknown(OnecardError):
    """No such person, account, role or grant."""

    code = "staff.unknown"
    http_status = 404
    zh = "没有这个{what_zh}：{name}。"
    en = "There is no {what_en} {name}."


class AccountExists(OnecardError):
    """The name is taken."""

    code = "staff.account_exists"
    http_status = 409
    exit_code = 1
    zh = "{name} 已存在。请另取名称。"
    en = "{name} exists already. Pick another name."


class SelfGrant(OnecardError):
    """Nobody gives himself a role, or takes part in giving it."""

    code = "staff.self_grant"
    http_status = 403
    exit_code = 1
    zh = "不能给自己授权。请由另一位安全管理员办理。"
    en = "Nobody grants himself a role. Let another security administrator do it."


class AdminsDisjoint(OnecardError):
    """The person administers something else already."""

    code = "staff.admins_disjoint"
    http_status = 409
    exit_code = 1
    zh = "此人已是另一类管理员；系统、安全、审计三类管理员不得由同一人担任。"
    en = "This person is an administrator of another class; system, security and audit are never one person's."
