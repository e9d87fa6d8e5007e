"""Speak an answer: the shipped clip of its word, by whatever player this machine has. It says the outcome, never who somebody is."""

import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

from onecard.decision.reasons import load_reasons

__all__ = ["Speaker", "clip_of"]

_PLAYERS: Final = (
    ("mpv", "--no-video", "--really-quiet"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet"),
    ("gst-play-1.0", "-q"),
    ("play", "-q"),
)
"""Programs that play Opus, the first that is there."""


class Speaker:
    """Plays clips, one at a time: the next person's answer cuts the last one's short."""

    def __init__(self, clips: Path) -> None:
        self._clips = clips
        self._player = next((player for player in _PLAYERS if shutil.which(player[0])), None)
        self._playing: subprocess.Popen[bytes] | None = None

    @property
    def can_speak(self) -> bool:
        """Whether this machine has a player."""
        return self._player is not None

    def speak(self, answer: dict[str, Any]) -> None:
        """Play the clip of *answer*; without a player, or of what is no answer, nothing."""
        clip = clip_of(answer)
        if self._player is None or clip is None:
            return
        self.hush()
        quiet = subprocess.DEVNULL
        file = self._clips / f"{clip}.opus"
        self._playing = subprocess.Popen([*self._player, str(file)], stdin=quiet, stdout=quiet, stderr=quiet)

    def hush(self) -> None:
        """Stop what is playing."""
        if self._playing is not None:
            self._playing.kill()
            self._playing.wait()
            self._playing = None


def clip_of(answer: dict[str, Any]) -> str | None:
    """Return the clip that speaks *answer*; what must not be said before others is the full price alone."""
    reason = load_reasons().get(answer.get("reason") or "")
    if reason is None:
        return None
    if answer["outcome"] == "accepted" and (reason.full_zh or not reason.public):
        return "full-price"
    if answer["offline"] and answer["outcome"] == "accepted" and reason.code.startswith("OK"):
        return load_reasons()["OFFLINE_ACCEPTED"].voice
    return reason.voice
