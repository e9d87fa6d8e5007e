"""Cards that the desk makes, starts and unlocks for somebody who signed in, and all that he needs to see before he does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onecard.app.staff_cards import StaffCards, thing_of
from onecard.app.staff_executors import card_thing, note_moves
from onecard.app.staff_work import NOBODY, tail
from onecard.audit.model import RowWritten
from onecard.audit.rows import rows_written
from onecard.audit.service import note_change
from onecard.cards.desk import Card, Done, Order, card_by_key, move_card
from onecard.cards.following import Account, Binding, account_of, bindings_of
from onecard.cards.history import Move, history_of
from onecard.cards.issuing import Issued, Why, activate_card, issue_card, replace_card
from onecard.cards.model import CardKind
from onecard.cards.service import keys_of_cards
from onecard.db.pool import Connection
from onecard.people.model import FactValue, Identity
from onecard.people.service import known_facts, open_identity
from onecard.staff.model import Acting, Request
from onecard.values.days import civil

__all__ = ["AtDesk", "StaffIssuing", "subject_named"]

_SUBJECT_DIGITS_MAX = 19


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDesk:
    """A person as he stands at the desk: who he is, masked; his cards, newest first; what hangs on them; what waits."""

    subject: int
    region: str
    identity: Identity | None
    cards: Sequence[Card]
    bindings: Sequence[Binding]
    accounts: Sequence[tuple[bytes, Account]]  # By the key of the card's number.
    history: Sequence[tuple[bytes, Move]]  # What was done to his cards, oldest first, by the same.
    facts: dict[str, FactValue]  # As known today.
    waiting: Sequence[Request]
    at: datetime

    def card(self, handle: str) -> Card | None:
        """Return his card of that `id`, None where he has none such."""
        return next((card for card in self.cards if card.number_key.hex() == handle), None)

    def account(self, card: Card) -> Account | None:
        """Return the financial account of one of his cards."""
        return next((account for key, account in self.accounts if key == card.number_key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffIssuing:
    """What else may be done to cards. Every method's first argument is who acts."""

    cards: StaffCards

    async def person(self, acting: Acting, resident: str, permission: str = "cards.read") -> AtDesk:
        """Return a person with all that the desk works with, on record. Raises `NotThere`, `NotAllowed`."""
        work, thing = self.cards.work, f"resident {tail(resident, 20)}"
        async with work.doing(acting, permission, thing) as connection:
            subject = subject_named(resident)
            region = await work.person_inside(connection, acting, subject, permission)
            await work.noted(connection, acting, permission, thing, region=region, subject=subject)
            return await self._at_desk(connection, acting, subject, region)

    async def activate(self, acting: Acting, name: str, reason: str) -> Issued:
        """Start a sealed card; one that comes in another's place ends that one. Raises `NotThere`, `NotAllowed`, `MoveRefused`."""
        async with self.cards.work.doing(acting, "cards.issue", thing_of(name)) as connection:
            card, region = await self.cards.inside(connection, acting, name, "cards.issue")
            order = Order(act="activate", reason=reason, at=self._now())
            issued = await activate_card(connection, self.cards.tools, card, order)
            await self._noted(connection, acting, issued, order.act, reason, order.at, region)
            return issued

    async def unlock(self, acting: Acting, name: str, reason: str) -> Done:
        """Reset a locked PIN. Raises `NotThere`, `NotAllowed`, `MoveRefused`."""
        async with self.cards.work.doing(acting, "cards.issue", thing_of(name)) as connection:
            card, region = await self.cards.inside(connection, acting, name, "cards.issue")
            order = Order(act="pin_reset", reason=reason, at=self._now())
            done = await move_card(connection, self.cards.tools, card, order)
            await note_moves(connection, self.cards.hotlist, acting, card, order, done.changes, region)
            return done

    async def issue(self, acting: Acting, resident: str, kind: CardKind, reason: str) -> Issued:
        """Make a card at once for who has none, or a temporary one for who waits for his own.

        Raises `NotThere`, `NotAllowed`, `HasCard`.
        """
        work, thing = self.cards.work, f"resident {tail(resident, 20)}"
        async with work.doing(acting, "cards.issue", thing) as connection:
            subject, at = subject_named(resident), self._now()
            region = await work.person_inside(connection, acting, subject, "cards.issue")
            issued = await issue_card(connection, self.cards.tools, subject, region, at, kind)
            await self._noted(connection, acting, issued, "issue", reason, at, region)
            return issued

    async def replace(self, acting: Acting, name: str, why: Why, reason: str, *, damaged: bool = False) -> Issued:
        """Make a new card at once; the old one ends, and what hung on it follows.

        Raises `NotThere`, `NotAllowed`, `MoveRefused`, `RenewalTooEarly`, `MovedMeanwhile`.
        """
        async with self.cards.work.doing(acting, "cards.issue", thing_of(name)) as connection:
            card, region = await self.cards.inside(connection, acting, name, "cards.issue")
            order = Order(act=why, reason=reason, at=self._now())
            issued = await replace_card(connection, self.cards.tools, card, why, order, damaged=damaged)
            await self._noted(connection, acting, issued, order.act, reason, order.at, region)
            return issued

    async def _noted(
        self, connection: Connection, acting: Acting, issued: Issued, act: str, reason: str, at: datetime, region: str
    ) -> None:  # fmt: skip
        """Let terminals know, and put on record every row: the moves, the card that was made, what hangs on it now."""
        if issued.changes:
            await self.cards.hotlist.take(connection, issued.changes)
        rows: list[RowWritten] = []
        subject = issued.card.subject
        for table, key in (
            ("cards_move", {"subject": subject, "at": at}), ("cards_binding", {"subject": subject, "since": at}),
            ("cards_card", {"subject": subject, "number_key": issued.card.number_key}),
        ):  # fmt: skip
            rows += await rows_written(connection, table, key)
        await note_change(
            connection, acting, act=f"cards.{act}", object=card_thing(issued.card), region=region, purpose=reason, at=at,
            rows=rows, subject=subject, more={"old": card_thing(issued.old)} if issued.old else None,
        )  # fmt: skip

    async def _at_desk(self, connection: Connection, acting: Acting, subject: int, region: str) -> AtDesk:
        at, tools = self._now(), self.cards.tools
        keys = await keys_of_cards(connection, subject)
        accounts = [(key, await account_of(connection, tools, subject, key)) for key in keys]
        return AtDesk(
            subject=subject, region=region, at=at, identity=await open_identity(connection, tools.keyring, subject),
            cards=[await card_by_key(connection, tools, key, at) for key in keys],
            bindings=await bindings_of(connection, subject),
            accounts=[(key, account) for key, account in accounts if account is not None],
            history=[(key, move) for key in keys for move in await history_of(connection, subject, key)],
            facts=await known_facts(connection, subject, civil(at).date()),
            waiting=await self.cards.work.staff.approvals.about(connection, subject, self.cards.work.prefixes(acting)),
        )  # fmt: skip

    def _now(self) -> datetime:
        return self.cards.work.staff.now()


def subject_named(name: str) -> int:
    """Return the subject that an address names, one that nobody has where it can name none."""
    plain = name.isascii() and name.isdigit() and len(name) <= _SUBJECT_DIGITS_MAX and (name == "0" or name[0] != "0")
    return int(name) if plain and int(name) < 2**63 else NOBODY
