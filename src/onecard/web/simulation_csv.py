"""The rows of a simulation as CSV that a spreadsheet opens rightly and runs nothing from (SURFACES §6). Pure."""

import csv
import io

from onecard.releases.simulated import Simulated
from onecard.web.bulletin_csv import cell

__all__ = ["simulation_csv"]


def simulation_csv(found: Simulated) -> str:
    """Return fund, region, age band, persons and fen of every row; UTF-8 with BOM when encoded, numbers as plain numbers."""
    file = io.StringIO()
    file.write("\ufeff")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(["fund", "region", "age_band", "gain", "lose", "same", "old_fen", "new_fen"])
    for row in found.rows:
        texts = (cell(text) for text in (row.fund, row.region, row.age_band))
        writer.writerow([*texts, row.gain, row.lose, row.same, row.old_fen, row.new_fen])
    return file.getvalue()
