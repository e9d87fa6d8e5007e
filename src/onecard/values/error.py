"""The base of every mistake that came in from outside: a code, a sentence in Chinese and one in English."""

from typing import ClassVar

__all__ = ["OnecardError"]


class OnecardError(Exception):
    """Something came in wrong. Says what, where and what to do next, in zh and en.

    Subclasses set `code` (stable, dotted), `zh` and `en`; the placeholders in both are the keyword
    arguments of the constructor. `exit_code` is what the command line ends with (SURFACES §2):
    1 the answer is no, 2 a wrong call or file, 3 the store cannot be reached.
    """

    code: ClassVar[str] = "error"
    zh: ClassVar[str] = "出错了。"
    en: ClassVar[str] = "Something is wrong."
    exit_code: ClassVar[int] = 2
    http_status: ClassVar[int] = 422

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.en.format(**facts))

    @property
    def said_zh(self) -> str:
        """The sentence in Chinese, with this mistake's facts filled in."""
        return self.zh.format(**self.facts)

    @property
    def said_en(self) -> str:
        """The sentence in English, with this mistake's facts filled in."""
        return self.en.format(**self.facts)

    @property
    def field(self) -> str | None:
        """The field of the request that is meant, where there is one."""
        field = self.facts.get("field")
        return field if isinstance(field, str) else None
