"""A terminal's word with the server beside its taps: who it is, how it does, and what it should hold."""

import base64
from typing import Any, Final
from urllib.parse import quote

from onecard.device.errors import FolderOfAnother, FolderUnusable, LogUnwritable
from onecard.device.server import Reply, Server, Unreachable
from onecard.device.standing import Standing
from onecard.terminals.bundle import BundleUnreadable
from onecard.terminals.hotlist import EMPTY, DeltaOutOfOrder, Hotlist, HotlistMalformed, updated
from onecard.values.error import OnecardError

__all__ = ["PROGRAM", "Contact", "TerminalNotSpokenFor"]

PROGRAM: Final = "program-1"


class TerminalNotSpokenFor(OnecardError):
    """The token does not speak for the terminal that was named."""

    code = "device.terminal_not_spoken_for"
    zh = "令牌不能代表终端 {asked}。请核对 --terminal 与 --token。"
    en = "The token does not speak for terminal {asked}. Check --terminal and --token."


class Contact:
    """Signs in, tells how the terminal does, and fetches what it should hold. Everything here raises `Unreachable`."""

    def __init__(self, standing: Standing, server: Server, asked: str) -> None:
        """*asked* is the terminal's number, or in a demo its key in the cast."""
        self._standing = standing
        self._server = server
        self._asked = asked
        self.gaps: list[list[int]] = []
        self.duplicates: list[int] = []

    def known(self) -> None:
        """Know who this is by the folder alone. Raises `FolderOfAnother`."""
        holder = (self._standing.log.meta("terminal") or b"").decode()
        if not holder:
            return
        if self._asked not in (holder, (self._standing.log.meta("key_in_cast") or b"").decode()):
            raise FolderOfAnother(folder=self._standing.folder.path, holder=holder, asked=self._asked)
        self._standing.terminal = holder
        self._standing.prices = _prices(self._standing.log.meta("prices"))

    async def sign_in(self) -> bool:
        """Say who this is, and fetch what is new; return whether the server let it in.

        A clock that the server finds off is set right, and told again. Raises `FolderOfAnother`, `TerminalNotSpokenFor`.
        """
        standing = self._standing
        if not standing.terminal and not await self._introduce():
            return False
        reply = await self._sign_in_once()
        if reply.status == 200 and not reply.told["clock_ok"]:
            off = reply.told["clock_offset_ms"]
            if standing.log.meta("offset_ms") is not None:  # The first word on the time is no jump.
                standing.notice(
                    f"本机时钟与上次校准相差 {off / 1000:.0f} 秒，已按服务器时间校正。",
                    f"This device's clock moved by {off / 1000:.0f} s since it was last set right; the server's time is taken.",
                )
            self._set_clock(reply.told)
            reply = await self._sign_in_once()
        if reply.status != 200:
            self._refused(reply)
            return False
        told = reply.told
        standing.refused = None
        standing.away = False
        self._tell_clone(bool(told.get("cloned")) or told.get("device") == "other")
        standing.least_seq = max(standing.least_seq, told["last_seq"] + 1)
        self._set_clock(told)
        await self.refresh(told)
        return True

    async def heartbeat(self) -> bool:
        """Tell how this terminal does, and fetch what is new; return whether the server knows it."""
        standing = self._standing
        standing.storage_ok = self._can_write()
        told = {
            "terminal": standing.terminal, "clock": standing.clock.now().isoformat(), "waiting": standing.log.waiting_count(),
            "hotlist": standing.hotlist.version, "bundle": standing.rules.etag if standing.rules else "", "storage_ok": standing.storage_ok,
            "version": PROGRAM,
        }  # fmt: skip
        reply = await self._server.post("/v1/terminals/heartbeat", told)
        if reply.status == 409:  # The server was built anew, and does not know us.
            return await self.sign_in()
        if reply.status != 200:
            self._refused(reply)
            return False
        answer = reply.told
        standing.away, standing.refused = False, None
        self._tell_clone(bool(answer.get("cloned")))
        self._set_clock(answer)
        self.gaps, self.duplicates = answer["gaps"], answer["duplicates"]
        await self.refresh(answer)
        return True

    async def refresh(self, told: dict[str, Any]) -> None:
        """Fetch what *told* (a sign-in, a heartbeat or an event) says is newer than what is held."""
        standing = self._standing
        try:
            if "bundle" in told and (standing.rules is None or told["bundle"] != standing.rules.etag):
                await self._fetch_bundle()
            if "hotlist" in told:
                at = standing.clock.now()
                if told["hotlist"] != standing.hotlist.version or standing.hotlist_at is None:
                    await self._fetch_hotlist(told)
                standing.hotlist_is_newest(at)
        except (BundleUnreadable, HotlistMalformed, DeltaOutOfOrder, FolderUnusable, LogUnwritable) as mistake:
            standing.notice(mistake.said_zh, mistake.said_en)  # What is at hand stands, and is asked for again with the next word.

    async def _introduce(self) -> bool:
        """Ask whom the token speaks for, and be that one of them that was named by number or by its key in the cast."""
        reply = await self._server.get("/v1/terminals/me")
        if reply.status == 404:  # A server that cannot tell: what was named is a number.
            self._be({"terminal": self._asked})
            return True
        if reply.status != 200:
            self._refused(reply)
            return False
        listed = reply.told["terminals"]
        me = next((each for each in listed if self._asked in (each["terminal"], each.get("key"))), None)
        if me is None and not reply.told.get("more"):
            raise TerminalNotSpokenFor(asked=self._asked)
        self._be(me or {"terminal": self._asked})
        return True

    def _be(self, me: dict[str, Any]) -> None:
        prices: dict[str, int] = me.get("list_prices") or {}
        self._standing.log.keep(
            terminal=me["terminal"].encode(), key_in_cast=(me.get("key") or "").encode(),
            prices=",".join(f"{service}={fen}" for service, fen in prices.items()).encode(),
        )  # fmt: skip
        self._standing.terminal, self._standing.prices = me["terminal"], prices

    async def _sign_in_once(self) -> Reply:
        standing = self._standing
        return await self._server.post(
            "/v1/terminals/sign-in",
            {
                "terminal": standing.terminal, "clock": standing.clock.now().isoformat(), "version": PROGRAM,
                "public_key": base64.b64encode(standing.log.key.public).decode(),
                "have": {"hotlist": standing.hotlist.version, "bundle": standing.rules.etag if standing.rules else ""},
            },
        )  # fmt: skip

    def _set_clock(self, told: dict[str, Any]) -> None:
        self._standing.clock.correct(told["clock_offset_ms"])
        self._standing.log.keep(offset_ms=str(self._standing.clock.offset_ms).encode())

    def _tell_clone(self, is_cloned: bool) -> None:
        """Say, once, that another device has this terminal's identity. It goes on serving: which one is right, people find out."""
        if is_cloned and not self._standing.is_cloned:
            zh, en = (
                "有另一台设备使用同一终端身份，请报告管理员核查。",
                "Another device has this terminal's identity: have an operator look into it.",
            )
            self._standing.notice(zh, en)
        self._standing.is_cloned = is_cloned

    def _refused(self, reply: Reply) -> None:
        """Say, once, why the server lets this terminal not in."""
        told = reply.told
        if reply.status >= 500:
            raise Unreachable(f"{reply.status}")
        if self._standing.refused is None or self._standing.refused.get("type") != told.get("type"):
            title = told.get("title") or {}
            self._standing.notice(title.get("zh", f"服务器拒绝：{reply.status}"), title.get("en", f"The server refuses: {reply.status}"))
        self._standing.refused = told or {"type": str(reply.status)}

    async def _fetch_bundle(self) -> None:
        standing = self._standing
        held = standing.rules.etag if standing.rules else ""
        reply = await self._server.get(f"/v1/terminals/{quote(standing.terminal, safe='')}/bundle", held=held)
        if reply.status == 200:
            standing.take_bundle(reply.content)

    async def _fetch_hotlist(self, told: dict[str, Any]) -> None:
        """Take the small change that an event brings along, else ask for the difference, else for the whole list, once."""
        standing = self._standing
        try:
            brought = base64.b64decode(told.get("delta", ""), validate=True)
            held = updated(standing.hotlist, brought)
        except (ValueError, HotlistMalformed, DeltaOutOfOrder):
            held = await self._hotlist(standing.hotlist)
        standing.take_hotlist(held)

    async def _hotlist(self, held: Hotlist) -> Hotlist:
        """Return what the server's list is, by the difference to *held* where that fits."""
        reply = await self._server.get(f"/v1/hotlist?have={held.version}")
        if reply.status != 200:
            raise Unreachable(f"hotlist: {reply.status}")
        try:
            return updated(held, reply.content)
        except (HotlistMalformed, DeltaOutOfOrder):
            if held is EMPTY:
                raise
            return await self._hotlist(EMPTY)

    def _can_write(self) -> bool:
        try:
            self._standing.log.keep(beat=b"1")
        except LogUnwritable:
            return False
        return True


def _prices(told: bytes | None) -> dict[str, int]:
    rows = [row.partition("=") for row in (told or b"").decode().split(",") if row]
    return {service: int(fen) for service, _, fen in rows}
