"""How a use is called on the console's pages and in its files: who, where, what for, what came of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from onecard.app.staff_uses import SeenUse
from onecard.decision.reasons import load_reasons
from onecard.terminals.model import Site
from onecard.web.console_table import Tag
from onecard.web.explanation_view import state_of
from onecard.web.words import Catalogue, CityWords, named

__all__ = ["UseWords"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UseWords:
    """The words of one language; what nobody named is shown by its code, never left out."""

    t: Catalogue
    words: CityWords
    regions: CityWords
    sites: Mapping[str, Site]
    titles: Mapping[str, Mapping[str, str]]  # Programme → its title in zh and en.

    def site(self, key: str) -> str:
        """Return the name of a site."""
        site = self.sites.get(key)
        return key if site is None else site.name_en if self.t.lang == "en" else site.name_zh

    def region(self, code: str) -> str:
        """Return the name of a region."""
        return named(code, self.regions, self.t.lang)

    def service(self, use: SeenUse) -> str:
        """Return what a use was for."""
        return named(use.service, self.words, self.t.lang)

    def programme(self, use: SeenUse) -> str:
        """Return the title of what granted a use, of each member of a pile; '' where nothing did."""
        members = use.programme.split("+") if use.programme else []
        return " + ".join(named(member, self.titles, self.t.lang) for member in members)

    def person(self, use: SeenUse) -> str:
        """Return a masked name, or why there is none."""
        if use.person:
            return use.person
        return self.t("console.records.elsewhere" if use.subject is not None else "console.records.nobody")

    def reason(self, code: str) -> str:
        """Return the word of a reason."""
        reason = load_reasons().get(code)
        return code if reason is None else reason.en if self.t.lang == "en" else reason.zh

    def outcome(self, use: SeenUse) -> Tag:
        """Return what came of a use, as a tag."""
        if use.reversed:
            return Tag(state="none", word=self.t("explain.reversed"))
        state: Literal["ok", "amber", "red"] = state_of(use.outcome, use.reason)
        return Tag(state=state, word=self.reason(use.reason))
