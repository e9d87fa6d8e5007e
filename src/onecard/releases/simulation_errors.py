"""What a simulation is refused for, each with what to do next."""

from onecard.values.error import OnecardError

__all__ = ["DaysWrong", "DraftTwice", "KindsDiffer", "NotSimulated"]


class DraftTwice(OnecardError):
    """Two drafts of one programme in a package."""

    code = "releases.draft_twice"
    zh = "“{programme}”在同一组测算中出现了两次。每个项目只保留一份草案。"
    en = "{programme} stands in the package twice. Leave one draft of each programme."


class KindsDiffer(OnecardError):
    """A payout and a use are read from different sources: the population, and recorded uses."""

    code = "releases.kinds_differ"
    zh = "“{programme}”与“{other}”不能一起测算：一个按人口发放，一个按用卡记录。请分别测算。"
    en = "{programme} and {other} cannot be simulated as one: one pays the population, the other lowers prices. Simulate each by itself."


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
