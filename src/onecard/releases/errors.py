"""What a release is refused for, each with what to do next."""

from onecard.values.error import OnecardError

__all__ = [
    "AlreadyReleased", "CasesFail", "EditRefused", "KindNotYet", "NamesUnknown", "SimulationForeign", "SimulationUnreadable",
    "VersionTaken",
]  # fmt: skip


class NamesUnknown(OnecardError):
    """A draft leans on a programme that is not released: it would mean nothing, or something else once that comes."""

    code = "releases.names_unknown"
    exit_code = 1
    zh = "{file} 第 {line} 行第 {column} 列：{zh_finding} 请先发布被引用的项目，或删去引用。"
    en = "{file}:{line}:{column}: {en_finding} Release what it names first, or leave the name out."


class CasesFail(OnecardError):
    """A case that the document brings comes out otherwise than it expects."""

    code = "releases.cases_fail"
    exit_code = 1
    zh = "{file} 第 {line} 行的测试“{case}”未通过：应为 {expected}，实为 {got}。请更正文件或测试后再提交。"
    en = "{file}:{line}: the test '{case}' fails: expected {expected}, got {got}. Mend the document or its test, then prepare it again."


class AlreadyReleased(OnecardError):
    """The very same content is a version already."""

    code = "releases.already_released"
    http_status = 409
    exit_code = 1
    zh = "“{programme}”的第 {version} 版内容与此完全相同，无需再发布。若要重新启用旧内容，请写明新的生效日。"
    en = "Version {version} of {programme} is this very content. To bring old content back, let it begin on another day."


class EditRefused(OnecardError):
    """The form cannot make this change."""

    code = "releases.edit_refused"
    exit_code = 1
    zh = "不能这样改：{zh_why}。可以直接改文件，再把它提交上来。"
    en = "This change cannot be made: {en_why}. Edit the document itself and hand it in."


class VersionTaken(OnecardError):
    """Another document became this version after the draft was prepared."""

    code = "releases.version_taken"
    http_status = 409
    exit_code = 1
    zh = "“{programme}”的第 {version} 版已被其他内容占用，此项不能再批准。请退回，并对照现行版本重新提交。"
    en = "Version {version} of {programme} is taken by other content; this can be approved no longer. Refuse it and prepare it anew."


class KindNotYet(OnecardError):
    """Documents of this kind are not decided by yet."""

    code = "releases.kind_not_yet"
    exit_code = 1
    zh = "“{file}”属于尚不能发布的种类（claim）。"
    en = "{file} is of a kind that cannot be released yet (claim)."


class SimulationUnreadable(OnecardError):
    """The file is no simulation."""

    code = "releases.simulation_unreadable"
    zh = "测算文件不是 onecard policy simulate --json 的输出，最多 4 MB。"
    en = "The simulation is not what `onecard policy simulate --json` prints, of at most 4 MB."


class SimulationForeign(OnecardError):
    """A simulation of something else."""

    code = "releases.simulation_foreign"
    exit_code = 1
    zh = "测算的是“{theirs}”，与所提交的“{ours}”不符。请对同一文件重新测算。"
    en = "The simulation is of {theirs}, not of {ours}. Simulate the very file that is released."
