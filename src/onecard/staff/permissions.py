"""Everything that a role may be allowed, named thing.verb, each with its words. Closed: a route or a role names these alone. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

__all__ = ["KINDS", "PERMISSIONS", "PermissionWords", "decides"]


class PermissionWords(NamedTuple):
    """What somebody may do, in Chinese and English."""

    zh: str
    en: str


KINDS: Final[Mapping[str, PermissionWords]] = MappingProxyType(
    {
        "policy-release": PermissionWords("政策发布", "release of a policy"),
        "loss-release": PermissionWords("解除正式挂失", "release of a formal loss"),
        "card-cancel": PermissionWords("注销卡", "cancelling of a card"),
        "person-correction": PermissionWords("个人信息更正", "correction of a person's data"),
        "full-id": PermissionWords("查看完整证件号码", "look at a full number"),
        "payout-step": PermissionWords("发放流程", "step of a payout"),
        "recovery": PermissionWords("追回", "recovery"),
    }
)
"""What needs a second person (SURFACES §6)."""

_STEPS: Final = {
    "submit": PermissionWords("提交发放名册", "submit a roster"),
    "township": PermissionWords("乡镇审核名册", "review a roster for the township"),
    "publish": PermissionWords("公示名册", "publish a roster"),
    "department": PermissionWords("部门审批名册", "approve a roster for the department"),
    "finance": PermissionWords("财政审批名册", "approve a roster for finance"),
}


def decides(kind: str) -> str:
    """Return the permission to be the second person of *kind*."""
    return f"approvals.decide:{kind}"


PERMISSIONS: Final[Mapping[str, PermissionWords]] = MappingProxyType(
    {
        "residents.find": PermissionWords("查找居民", "find residents"),
        "residents.read": PermissionWords("查看居民（脱敏）", "look at residents, masked"),
        "residents.full-id": PermissionWords("查看完整证件号码", "look at full numbers"),
        "residents.correct": PermissionWords("更正居民信息（须复核）", "prepare corrections of residents' data"),
        "cards.read": PermissionWords("查看卡片", "look at cards"),
        "cards.loss": PermissionWords("办理挂失", "report cards lost"),
        "cards.release": PermissionWords("解除挂失（正式挂失须复核）", "release lost cards; formal losses are prepared"),
        "cards.cancel": PermissionWords("注销卡（须复核）", "prepare the cancelling of cards"),
        "cards.issue": PermissionWords("补换卡", "issue and replace cards"),
        "cards.make": PermissionWords("制卡批次", "handle batches of the card maker"),
        "uses.read": PermissionWords("查看用卡记录", "look at uses"),
        "uses.explain": PermissionWords("查看判定说明", "look at explanations"),
        "sites.read": PermissionWords("查看点位和终端", "look at sites and terminals"),
        "sites.move": PermissionWords("推进点位状态", "move sites on"),
        "terminals.bind": PermissionWords("绑定终端", "bind terminals"),
        "canteens.manage": PermissionWords("管理助餐点", "manage a canteen"),
        "bookings.manage": PermissionWords("管理预约", "manage bookings"),
        "clearing.prepare": PermissionWords("编制清分", "prepare clearing"),
        "clearing.review": PermissionWords("复核清分", "review clearing"),
        "claims.read": PermissionWords("查看医疗结算", "look at medical settlements"),
        "claims.settle": PermissionWords("办理医疗结算", "settle medical bills"),
        "risk.read": PermissionWords("查看风险线索", "look at risks"),
        "risk.decide": PermissionWords("处置风险线索", "decide about risks"),
        "policy.read": PermissionWords("查看政策", "look at policies"),
        "policy.simulate": PermissionWords("测算政策", "simulate policies"),
        "policy.release": PermissionWords("提交政策发布（须复核）", "prepare the release of policies"),
        "payouts.read": PermissionWords("查看发放", "look at payouts"),
        "payouts.plan": PermissionWords("编制发放名册", "plan payouts"),
        "payouts.object": PermissionWords("登记异议", "take objections"),
        "payouts.repair": PermissionWords("修复失败明细", "repair failed lines"),
        "payouts.export": PermissionWords("导出银行文件", "export bank files"),
        "payouts.import": PermissionWords("导入银行回盘", "import return files"),
        "reports.read": PermissionWords("查看统计", "look at figures"),
        "audit.read": PermissionWords("查看审计记录", "look at the audit"),
        "audit.export": PermissionWords("导出审计记录", "export the audit"),
        "keys.read": PermissionWords("查看密钥清单", "look at the key inventory"),
        "keys.rotate": PermissionWords("轮换密钥", "rotate keys"),
        "approvals.read": PermissionWords("查看待复核事项", "look at what waits for a second person"),
        "staff.read": PermissionWords("查看人员和授权", "look at staff and grants"),
        "staff.accounts": PermissionWords("管理账户", "make and close accounts"),
        "staff.grants": PermissionWords("授予和收回角色", "grant and end roles"),
        **{f"payouts.step:{step}": words for step, words in _STEPS.items()},
        **{decides(kind): PermissionWords(f"复核：{words.zh}", f"second person: {words.en}") for kind, words in KINDS.items()},
    }
)
"""Permission → its words. A permission for what is not built yet lets nobody do anything."""
