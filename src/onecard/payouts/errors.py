"""Why no roster is planned, and what is wrong with a roster file."""

from collections.abc import Sequence

from onecard.payouts.roster_problems import Problem
from onecard.values.error import OnecardError

__all__ = [
    "EvidenceMissing", "FileNotAsked", "LimitsUnplanned", "PeriodMalformed", "PeriodOpen", "ProgrammeUnknown", "RegionOverlaps",
    "RegionUntold", "RosterFileRefused", "RosterUnknown", "SupplementEmpty", "VersionMissing",
]  # fmt: skip


class ProgrammeUnknown(OnecardError):
    """No payout of that name is released."""

    code = "payouts.programme_unknown"
    zh = "没有名为“{programme}”的发放项目。请用 onecard policy history 核对名称。"
    en = "There is no payout called '{programme}'. Look its name up with `onecard policy history`."


class PeriodMalformed(OnecardError):
    """The period is none, or one of another cycle."""

    code = "payouts.period_malformed"
    zh = "“{period}”不是“{programme}”的发放期：应形如 {like}。"
    en = "'{period}' is no period of {programme}: write one like {like}."


class PeriodOpen(OnecardError):
    """Facts are read on a day that has not come."""

    code = "payouts.period_open"
    exit_code = 1
    http_status = 409
    zh = "{programme} 的 {period} 要看 {day} 的情况，这一天还没有到。"
    en = "{programme} for {period} looks at {day}, which has not come yet."


class VersionMissing(OnecardError):
    """No version of a programme is in force in the period."""

    code = "payouts.version_missing"
    zh = "项目“{programme}”在 {period} 没有生效版本，最早自 {first} 起。请补录更早的版本，或改选之后的发放期。"
    en = "'{programme}' has no version in force in {period}; the first begins {first}. Add an earlier one, or pick a later period."


class EvidenceMissing(OnecardError):
    """The programme takes a roster file, and none came."""

    code = "payouts.evidence_missing"
    zh = "项目“{programme}”须由名册文件提供 {facts}，请用 --roster 指定文件。"
    en = "'{programme}' wants a roster file that brings {facts}: name it with --roster."


class FileNotAsked(OnecardError):
    """The programme's roster is computed from the population, and a file came."""

    code = "payouts.file_not_asked"
    zh = "项目“{programme}”的名册由人口信息计算，不接受名册文件。"
    en = "The roster of '{programme}' is computed from the population: it takes no file."


class LimitsUnplanned(OnecardError):
    """A payout with limits: what was paid before is not counted by rosters yet."""

    code = "payouts.limits_unplanned"
    exit_code = 1
    zh = "项目“{programme}”设有限额，名册暂不能编制。"
    en = "'{programme}' has limits, which rosters do not count yet."


class RegionOverlaps(OnecardError):
    """Another list of the same cycle covers part of the area."""

    code = "payouts.region_overlaps"
    http_status = 409
    exit_code = 1
    zh = "{cycle} 已有覆盖 {other} 的名册 {roster}，{region} 的名册会重复。请作为补充名册编制，或改选地区。"
    en = "{cycle} has the list {roster} of {other} already, which shares people with {region}. Supplement that one, or pick another area."


class RegionUntold(OnecardError):
    """Whoever plans has several places."""

    code = "payouts.region_untold"
    zh = "请用 --region 指明地区（{regions} 之一，六位代码）。"
    en = "Name a region of six digits with --region, inside one of {regions}."


class RosterUnknown(OnecardError):
    """There is no such roster, or none that fits."""

    code = "payouts.roster_unknown"
    http_status = 404
    zh = "没有名册 {roster}，或它不属于该项目、发放期和地区。"
    en = "There is no roster {roster} of that programme, period and area."


class SupplementEmpty(OnecardError):
    """Everybody who is owed something is on the lists already."""

    code = "payouts.supplement_empty"
    exit_code = 1
    http_status = 409
    zh = "{roster} 没有漏发的人员，无需补充名册。"
    en = "Nobody is missing from {roster}: there is nothing to supplement."


class RosterFileRefused(OnecardError):
    """A roster file is not taken, not even in part; `problems` says where and why."""

    code = "payouts.roster_file_refused"
    zh = "名册文件未接收，共 {count} 处问题。第一处：第 {row} 行 {column} 列：{zh_problem}"
    en = "The roster file is not taken: {count} problems. The first, row {row}, column {column}: {en_problem}"
    problems: Sequence[Problem] = ()

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> "RosterFileRefused":
        """Return the refusal that tells *problems*; its sentence tells the first."""
        first = problems[0]
        refused = cls(count=len(problems), row=first.row, column=first.column or "–", zh_problem=first.zh, en_problem=first.en)
        refused.problems = problems
        return refused
