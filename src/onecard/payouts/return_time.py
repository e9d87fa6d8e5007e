"""The times of a return file, `2024-10-25T10:00:00+08:00`, read for many lines at once. Pure."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from onecard.payouts.bank_matrix import Bytes, numbers_in
from onecard.payouts.bank_problem import FileRefused, Wanted
from onecard.payouts.bank_reading import Body

__all__ = ["time_column"]

_SHAPE: Final = np.frombuffer(b"0000-00-00T00:00:00+00:00", dtype=np.uint8)
_SIGN: Final = 19
_MARKS: Final = np.array([place for place, byte in enumerate(_SHAPE) if byte != ord("0") and place != _SIGN])
_PARTS: Final = {
    "year": slice(0, 4), "month": slice(5, 7), "day": slice(8, 10), "hour": slice(11, 13), "minute": slice(14, 16),
    "second": slice(17, 19), "offset_hour": slice(20, 22), "offset_minute": slice(23, 25),
}  # fmt: skip
_MOST: Final = {"hour": 23, "minute": 59, "second": 59, "offset_hour": 14, "offset_minute": 59}
_FIRST_YEAR: Final = 2000
_WANTED: Final = Wanted("带时区的时间，如 2024-10-25T10:00:00+08:00", "a time with offset such as 2024-10-25T10:00:00+08:00")


def time_column(body: Body, name: str) -> NDArray[np.datetime64]:
    """Return the instants of a column in UTC, whole seconds; raises `FileRefused` where something is no time."""
    times = np.empty(len(body.rows), dtype="datetime64[s]")
    for first, rows in body.steps():
        found, good = _times_in(rows[:, body.layout.places[name]])
        if not good.all():
            raise FileRefused([body.at(first + int(np.argmin(good)), name, _WANTED)])
        times[first : first + len(rows)] = found
    return times


def _times_in(cells: Bytes) -> tuple[NDArray[np.datetime64], NDArray[np.bool_]]:
    west = cells[:, _SIGN] == ord("-")
    good = (cells[:, _MARKS] == _SHAPE[_MARKS]).all(axis=1) & (west | (cells[:, _SIGN] == ord("+")))
    part = {}
    for name, place in _PARTS.items():
        part[name], digits = numbers_in(cells[:, place])
        good &= digits
    month = ((part["year"] - 1970) * 12 + part["month"] - 1).astype("datetime64[M]")
    day = month.astype("datetime64[D]") + (part["day"] - 1)
    good &= (part["year"] >= _FIRST_YEAR) & (part["month"] >= 1) & (part["month"] <= 12)
    good &= (part["day"] >= 1) & (day.astype("datetime64[M]") == month)  # The 31st of June lies in July.
    for name, most in _MOST.items():
        good &= part[name] <= most
    offset = 3600 * part["offset_hour"] + 60 * part["offset_minute"]
    seconds = 3600 * part["hour"] + 60 * part["minute"] + part["second"] - np.where(west, -offset, offset)
    return day.astype("datetime64[s]") + seconds, good
