"""A terminal as a program of its own: what it holds, decides alone, writes down and sends, with nothing but its folder."""
