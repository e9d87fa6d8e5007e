"""The bulletin's file carries the head of the audit log, to be read by eye and by camera; without a head it says nothing of it."""

import io
import re
from datetime import UTC, datetime

import segno

from onecard.settings.suites import SUITES
from onecard.values.signed_head import Head, sign_head
from onecard.web.bulletin_view import bulletin_view
from tests.unit.reports.sample import newsletter

SECRET = SUITES["SM"].private_key(b"\x05" * 48)
NOTE = sign_head(
    Head(origin="onecard/1f0c2b3a4d5e6f70/sm3", size=1_234_567, root=b"\x07" * 32, at=datetime(2024, 10, 31, 12, tzinfo=UTC)),
    "SM", SUITES["SM"].public_key(SECRET), SUITES["SM"].signer(SECRET),
).note.decode()  # fmt: skip


def test_the_note_is_there_in_words_and_as_a_picture_of_itself():
    head = bulletin_view(newsletter(), "zh", NOTE)["head"]
    assert "\n".join(head["lines"]) + "\n" == NOTE
    drawn = io.BytesIO()
    segno.make(NOTE, error="m", boost_error=False, micro=False).save(drawn, kind="svg", scale=3, border=4, dark="#000", light="#fff")
    assert re.sub(r"^<\?.*?\?>", "", drawn.getvalue().decode(), flags=re.DOTALL) == str(head["picture"])


def test_without_a_head_there_is_no_word_of_it():
    assert bulletin_view(newsletter(), "en")["head"] is None
