"""What a simulation is refused for, each with what to do next."""

from onecard.values.error import OnecardError

__all__ = ["DaysWrong", "DraftTwice", "KindsDiffer", "NotSimulated"]


class DraftTwice(OnecardError):
    """Two drafts of one programme in a package."""

    code = "releases.draft_twice"
    zh = "“{programme}”在同一组测算中出现了两次。每个项目只保留一份草案。"
    en = "{programme} stands in the package twice. Leave one draft of each programme."


class KindsDiffer(OnecardError):
    """A payout is read from the population, a use from records; and two payouts share one period only where their cycles agree."""

    code = "releases.kinds_differ"
    zh = "“{programme}”与“{other}”不能一起测算：一起测算的应都是同一周期的发放，或都是用卡与门禁。请分别测算。"
    en = "{programme} and {other} cannot be simulated as one: a package holds payouts of one cycle, or uses and gates."


class NotSimulated(OnecardError):
    """A payout to operators: it is paid from what was recorded at their sites."""

    code = "releases.not_simulated"
    exit_code = 1
    zh = "“{programme}”付给单位，金额来自已记录的用卡，目前不能测算。可以测算它汇总的那些项目。"
    en = "{programme} pays operators from what was recorded, which cannot be simulated yet. Simulate the programmes that it sums."


class DaysWrong(OnecardError):
    """Days of which nothing can be decided again."""

    code = "releases.days_wrong"
    zh = "用卡日期应为 起..止，例如 2024-10-01..2024-10-31，起日不晚于止日，最多 {most} 天。"
    en = "Days of uses are FROM..UNTIL, such as 2024-10-01..2024-10-31, the first not after the last, at most {most} days."
