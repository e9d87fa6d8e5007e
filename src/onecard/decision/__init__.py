"""One pure function decides every tap; the same facts explain it again, in words."""
