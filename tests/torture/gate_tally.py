"""What is counted of terminal programs: while they run, and when their logs are held against the records."""

from dataclasses import dataclass, field

__all__ = ["GateTally"]


@dataclass(slots=True)
class GateTally:
    """Counts of one run."""

    mistakes: list[str] = field(default_factory=list)
    starts: int = 0
    starts_failed: int = 0  # Killed before the first answer.
    refused: int = 0
    silent: int = 0
    unanswered: int = 0
    online: int = 0
    alone: int = 0
    alone_accepted: int = 0
    never_shown: int = 0
    upload: dict[str, int] = field(default_factory=dict)
    otherwise: int = 0
    links: int = 0

    def rows(self) -> list[tuple[str, int | str]]:
        """Return what is printed, in order."""
        verdicts = {each.replace("_", " "): number for each, number in sorted(self.upload.items())}
        return [
            ("terminal programs started", self.starts),
            ("of them killed before their first answer", self.starts_failed),
            ("times a line was refused", self.refused),
            ("times a line fell silent", self.silent),
            ("lines answered by the server", self.online),
            ("lines answered alone", self.alone),
            ("of them accepted", self.alone_accepted),
            ("lines without an answer, the program killed", self.unanswered),
            ("of them in the log, and sent", self.never_shown),
            *((f"uploads: {verdict}", number) for verdict, number in verdicts.items()),
            ("decided alone and recorded before, otherwise (both kept)", self.otherwise),
            ("links, signed and unbroken", self.links),
        ]
