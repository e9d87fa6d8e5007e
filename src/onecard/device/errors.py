"""What can be wrong with a terminal's folder, and what is said of it."""

from onecard.values.error import OnecardError

__all__ = [
    "ClockUnsure", "FolderOfAnother", "FolderTaken", "FolderUnusable", "LineUnreadable", "LogDamaged", "LogUnwritable", "NotSignedIn",
    "OrderUnknown", "ServerRefuses", "ServiceNotOffered",
]  # fmt: skip


class FolderUnusable(OnecardError):
    """The folder cannot be made or written."""

    code = "device.folder_unusable"
    zh = "无法使用文件夹 {folder}：{why}。请换一个可写的文件夹，或修改权限。"
    en = "The folder {folder} cannot be used: {why}. Name one that can be written, or change its permissions."


class FolderTaken(OnecardError):
    """Another process runs on the same folder."""

    code = "device.folder_taken"
    zh = "文件夹 {folder} 正由另一个终端程序使用。一个文件夹只能运行一个，请先结束另一个。"
    en = "Another terminal program runs on {folder}. A folder serves one at a time: end that one first."


class FolderOfAnother(OnecardError):
    """The folder holds another terminal's log and key."""

    code = "device.folder_of_another"
    zh = "文件夹 {folder} 属于终端 {holder}，不能用于 {asked}。请为这台终端另设文件夹。"
    en = "The folder {folder} is that of terminal {holder}, not of {asked}. Give this terminal a folder of its own."


class LogDamaged(OnecardError):
    """The log cannot be read: what waits in it must not be passed over."""

    code = "device.log_damaged"
    exit_code = 3
    zh = "终端日志 {file} 已损坏（{why}），其中可能有待上传的记录。请保留该文件夹并交给维护人员，另设新文件夹后再启动。"
    en = (
        "The terminal's log {file} is damaged ({why}), and uses that wait may be in it. "
        "Keep the folder for whoever repairs it, and start with a new one."
    )


class LogUnwritable(OnecardError):
    """A use could not be written down, so it was not served."""

    code = "device.log_unwritable"
    exit_code = 3
    zh = "终端日志无法写入（{why}）：这一笔没有办理。请清理磁盘空间后重试。"
    en = "The terminal's log cannot be written ({why}): this was not served. Free the disk and try again."


class LineUnreadable(OnecardError):
    """A line that is neither a credential nor an order."""

    code = "device.line_unreadable"
    zh = "无法识别这一行：应为 9 位卡号、32 位卡识别码、18 位身份证件号或二维码内容。没有记录，请重新读卡。"
    en = "This line is no card number, chip id, id number or code. Nothing was recorded; read it again."


class OrderUnknown(OnecardError):
    """A line that begins with # and is no order."""

    code = "device.order_unknown"
    zh = "指令有误：{problem_zh}。可用：{known}。"
    en = "The order is wrong: {problem_en}. There are: {known}."


class NotSignedIn(OnecardError):
    """Nobody has told this terminal who it is."""

    code = "device.not_signed_in"
    exit_code = 3
    zh = "这台终端从未签到，还不知道自己是谁：{why_zh}。没有记录，接通服务器后再刷。"
    en = "This terminal never signed in and does not know who it is: {why_en}. Nothing was recorded; try again once the server answers."


class ClockUnsure(OnecardError):
    """The device's clock was moved, and the server is not there to say what time it is."""

    code = "device.clock_unsure"
    zh = "本机时钟比上次校准时差了 {seconds} 秒，离线时不能判定。请校准时钟，或等网络恢复。"
    en = "This device's clock moved by {seconds} s since it was set right: it decides nothing alone. Set it, or wait for the network."


class ServerRefuses(OnecardError):
    """The server does not let this terminal in, and it has no folder of before to go on with."""

    code = "device.server_refuses"
    zh = "服务器不接受这台终端：{why_zh}"
    en = "The server does not let this terminal in: {why_en}"


class ServiceNotOffered(OnecardError):
    """A service that the site does not offer."""

    code = "device.service_not_offered"
    zh = "本点位不提供 {service}，可用：{offered}。"
    en = "This site does not offer {service}, but: {offered}."
