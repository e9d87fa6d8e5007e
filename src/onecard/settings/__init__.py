"""Where an installation lives: its home folder, its keys, its city, and the address of its database."""
