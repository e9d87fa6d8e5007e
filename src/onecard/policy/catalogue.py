"""Every finding a document can have (POLICY §9): what is said in Chinese and in English, and how to mend it."""

from collections.abc import Mapping
from typing import Final

__all__ = ["CATALOGUE"]

CATALOGUE: Final[Mapping[str, tuple[str, str, str]]] = {
    # The page itself
    "YAML_FORM": (
        "无法读作 YAML：{why}",
        "This cannot be read as YAML: {why}",
        "检查缩进、引号和括号 · check indentation, quotes and brackets",
    ),
    "YAML_FORM.utf8": ("文件不是 UTF-8 编码。", "The file is not UTF-8.", "另存为 UTF-8 · save it as UTF-8"),
    "YAML_FORM.table": ("文件应是一张“键: 值”的表。", "The file must be one table of `key: value`.", "programme: elder-pass-bus"),
    "YAML_FORM.two": ("一个文件只能有一份文件内容。", "One file holds one document.", "一份政策一个文件 · one file per programme"),
    "YAML_SIZE": ("文件有 {size} 字节，最多 {most} 字节。", "The file has {size} bytes; at most {most} are read.", "拆成几份 · split it"),
    "YAML_DEPTH": ("嵌套超过 {most} 层。", "This is nested more than {most} deep.", "减少层次 · use fewer levels"),
    "YAML_ALIAS": (
        "不允许锚点和别名（& 和 *）。",
        "Anchors and aliases (& and *) are not allowed.",
        "把内容写出来 · write the content out",
    ),
    "YAML_TAG": ("不允许标签（!）和指令（%）。", "Tags (!) and directives (%) are not allowed.", "去掉它 · leave it out"),
    "YAML_TWICE": ("键“{key}”出现了两次。", "The key `{key}` stands here twice.", "只留一个 · keep one"),
    "YAML_EMPTY": (
        "“{key}”没有值。花括号里的逗号会结束一个值。",
        "`{key}` has no value. Inside braces a comma ends the value.",
        "写上值，或给整句加引号 · write a value, or put the text in quotes",
    ),
    "YAML_EMPTY.page": ("文件是空的。", "The file is empty.", "programme: elder-pass-bus"),
    "YAML_KEY": ("键必须是一个词。", "A key must be a plain word.", "key: value"),
    # The document
    "KEY": ("这里没有“{key}”这个键。", "There is no key `{key}` here.", "{near}"),
    "KEY.missing": ("缺少“{key}”。", "`{key}` is missing.", "{key}: …"),
    "KEY.kind": ("“{key}”不能写在 {kind} 里。", "`{key}` has no place in a {kind}.", "去掉它 · leave it out"),
    "KEY.shape": ("“{key}”应写成{zh_shape}。", "`{key}` must be {en_shape}.", "{example}"),
    "KEY.person": ("“{key}”只用于付给个人的发放。", "`{key}` is for payouts to persons.", "去掉它 · leave it out"),
    "KEY.both": ("“{key}”与“{other}”只能写一个。", "Write `{key}` or `{other}`, not both.", "去掉一个 · leave one out"),
    "NAME": ("没有“{name}”这个名称。", "There is no name `{name}` here.", "{near}"),
    "NAME.kind": ("“{name}”在 {kind} 里没有。", "`{name}` is not known in a {kind}.", "{near}"),
    "NAME.price": (
        "“price”只在写了 on_top_of 的文件里有。",
        "`price` is known only with `on_top_of`.",
        "list_price",
    ),
    "NAME.evidence": ("“{name}”由记录得知，不用名册提供。", "`{name}` is known from the records; no roster brings it.", "{near}"),
    "NAME.sums": ("“{name}”不是 use，不能汇总。", "`{name}` is no programme of kind use: nothing of it can be summed.", "meal-subsidy"),
    "NAME.taken": ("“{name}”已经是别的名称。", "`{name}` is the name of something else.", "换一个名称 · choose another name"),
    "NAME.form": ("“{name}”不能作名称。", "`{name}` cannot be a name.", "{form}"),
    "NAME.later": (
        "“{name}”写在后面，这里还不能用。",
        "`{name}` stands further down and is not known here yet.",
        "把它移到前面 · move it up",
    ),
    "ORDER": ("“{what}”应比前一个大。", "`{what}` must come after the one before it.", "从小到大 · write them rising"),
    "ORDER.until": ("截止日 {until} 早于起始日 {begin}。", "`until` {until} lies before `from` {begin}.", "{begin}"),
    "ORDER.circle": ("“{name}”绕成了一圈。", "`{name}` leads back to this programme in a circle.", "去掉一边 · leave one side out"),
    "REASON": ("没有“{reason}”这个理由。", "There is no reason `{reason}`.", "{near}"),
    "REASON.gate": ("理由“{reason}”只能写在 gate 里。", "The reason `{reason}` belongs to gates only.", "NOT_ELIGIBLE"),
    "FUND": ("没有“{fund}”这项资金。", "There is no fund `{fund}`.", "{near}"),
    "FUND.form": ("“{text}”不是“资金: 份额”的写法。", "`{text}` is not written as FUND or FUND of FACT.", "transit of region: 100%"),
    "FUND.of": ("“of {fact}”不行：应是地区或参保类型。", "`of {fact}` does not say whose fund: name a region.", "transit of region"),
    "FUND_PLACE": (
        "“{fact}”可能为空，who 里又没有问到它。",
        "`{fact}` may be blank and `who` does not ask for it.",
        "- {fact} in city else NOT_ELIGIBLE_REGION",
    ),
    "SHARES": ("份额合计不是 100%（{sum}）。", "The shares do not make 100% ({sum}).", "最后写 rest · end with `rest`"),
    "SHARES.rest": ("rest 只能写一次。", "`rest` can stand only once.", "去掉一个 · leave one out"),
    "CYCLE": (
        "“{name}”的周期是 {theirs}，这里是 {ours}。",
        "The cycle of `{name}` is {theirs}, here it is {ours}.",
        "只排斥同一周期的项目 · exclude programmes of one cycle",
    ),
    "CYCLE.form": ("“{text}”不是 {cycle} 的一期。", "`{text}` is no {cycle}.", "2024-10 · 2024-Q4 · 2024 · 2024-autumn"),
    "CYCLE.kind": ("“{name}”不是发放，没有周期。", "`{name}` is no payout: it has no cycle.", "去掉它 · leave it out"),
    "LIMIT_FORM": (
        "限额的写法不对：{zh_why}。",
        "This limit is not well formed: {en_why}.",
        "30 times per day else LIMIT_DAY",
    ),
    "LIMIT_CLASH": (
        "限额“{name}”在 {other} 里的计法是“{theirs}”，这里是“{ours}”。",
        "The limit `{name}` is counted as `{theirs}` in {other}, here as `{ours}`.",
        "{theirs}",
    ),
    "ELSEWHERE": ("提示：这里没有项目“{name}”。", "Note: the programme `{name}` is not at hand.", "检查名称 · check the name"),
    # Expressions
    "EXPR_FORM": ("这句话看不懂：{zh_why}。", "This sentence cannot be understood: {en_why}.", "{example}"),
    "EXPR_CHAR": (
        "表达式里不能有“{char}”。",
        "An expression cannot hold `{char}`.",
        "只用 ASCII 字符 · ASCII only: a-z 0-9 + - * / < = > ( ) [ ] , %",
    ),
    "EXPR_SIZE": (
        "表达式太长：{size}，最多 {most}。",
        "The expression is too large: {size}, at most {most}.",
        "用 let 拆开 · split it with `let`",
    ),
    "TYPE": ("{zh_left}与{zh_right}不能放在一起。", "{left} meets {right}.", "{hint}"),
    "TYPE.want": ("这里要{zh_want}，写的是{zh_got}。", "This must be {want}, not {got}.", "{hint}"),
    "UNGUARDED": (
        "“{fact}”可能没有人告知，要先问 known({fact})。",
        "`{fact}` may be unknown: ask `known({fact})` before.",
        "known({fact}) and …",
    ),
    "MINUS_PLUS": (
        "a - b + c 有两种读法：减法到零为止。",
        "`a - b + c` is refused: a subtraction stops at zero.",
        "先写加法，或加括号 · a + c - b, or (a - b) + c",
    ),
    "RANGE": (
        "数可能超过上限（{most}）。",
        "This could pass the largest number ({most}).",
        "减少乘法，或用 min 限住 · multiply less, or bound it with min",
    ),
    "MONEY_FORM": ("“{text}”不是金额：要写两位小数。", "`{text}` is no money: write two decimals.", "{near}"),
    "PERCENT_FORM": ("“{text}”不是百分比。", "`{text}` is no percentage.", "50% · 12.5%"),
    "NUMBER_FORM": ("“{text}”不是整数。", "`{text}` is no whole number.", "60"),
    "TIME_FORM": ("“{text}”不是时间。", "`{text}` is no time.", "{near}"),
    "DATE_FORM": ("“{text}”不是日期。", "`{text}` is no day.", "2024-10-01"),
    "REGION_FORM": ("“{text}”不是行政区划代码。", "`{text}` is no region code.", "330481"),
    # Tables and rows
    "GAP": ("有的情况没有对应的行：{zh_what}。", "A case has no row: {en_what}.", "{hint}"),
    "UNREACHABLE": ("这一行永远轮不到。", "No case ever reaches this row.", "删去，或移到前面 · delete it, or move it up"),
    "UNUSED": ("“{name}”从未用到。", "`{name}` is never read.", "删去它 · delete it"),
    "UNTESTED": ("缺少测试：{zh_what}。", "A test is missing: {en_what}.", "{hint}"),
}
"""`CODE` or `CODE.variant` → (zh, en, hint); words in braces are filled in by whoever hands the finding in."""
