"""What the card desk refuses, each with what to do next."""

from onecard.values.error import OnecardError

__all__ = [
    "ApplicationUnknown", "CardUnknown", "MoveRefused", "MovedMeanwhile", "NoSuchPerson", "ReleaseRefused", "RenewalTooEarly",
    "StateExists",
]  # fmt: skip


class CardUnknown(OnecardError):
    """No card of ours has that number or chip id."""

    code = "cards.unknown"
    http_status = 404
    exit_code = 1
    zh = "没有这张卡。请核对卡号；外地卡请联系发卡地。"
    en = "There is no such card. Check the number; for a card of another place ask its issuer."


class NoSuchPerson(OnecardError):
    """Nobody is registered under that number, or he is a visitor of whom we keep no identity."""

    code = "cards.no_such_person"
    http_status = 404
    exit_code = 1
    zh = "没有登记这个人。请核对证件号码，或先登记居民信息。"
    en = "Nobody is registered under that number. Check it, or register the resident first."


class StateExists(OnecardError):
    """The card changed its state at the very same instant already, or later."""

    code = "cards.state_exists"
    http_status = 409
    zh = "这张卡在同一时刻已有状态记录。请稍后重试。"
    en = "This card has a state of the same instant already. Try again in a moment."


class MovedMeanwhile(OnecardError):
    """Somebody else moved the card, or the application, while this was being decided; nothing was written."""

    code = "cards.moved_meanwhile"
    http_status = 409
    exit_code = 1
    zh = "另一个柜台刚刚办理了同一张卡，本次未作任何改动。请查看最新状态后再办。"
    en = "Another desk moved this very card just now; nothing was changed. Look at it again, then decide."


class MoveRefused(OnecardError):
    """The card's state does not allow what was asked."""

    code = "cards.move_refused"
    http_status = 409
    exit_code = 1
    zh = "这张卡{state_zh}，不能{act_zh}。现在可办：{may_zh}。"
    en = "One cannot {act_en} a card that is {state_en}. What can be done now: {may_en}."


class ReleaseRefused(OnecardError):
    """In this city a formal loss cannot be undone."""

    code = "cards.release_refused"
    http_status = 409
    exit_code = 1
    zh = "本地规定正式挂失不能解除。请办理补卡，待遇和绑定会自动转到新卡。"
    en = "Here a formal loss cannot be undone. Re-issue the card: benefits and bindings follow to the new one."


class RenewalTooEarly(OnecardError):
    """The card is neither damaged nor close enough to its last day."""

    code = "cards.renewal_too_early"
    http_status = 409
    exit_code = 1
    zh = "这张卡有效期至 {valid_until}，{from_day} 起才可换卡。卡片损坏请注明“损坏”（--damaged）。"
    en = "This card is good until {valid_until} and may be renewed from {from_day} on. Where it is damaged, say so (--damaged)."


class ApplicationUnknown(OnecardError):
    """No application bears that name."""

    code = "cards.application_unknown"
    http_status = 404
    exit_code = 1
    zh = "没有这份申领单。请核对单号。"
    en = "There is no such application. Check its number."
