"""The command line: one module per word, each a thin door to a room."""
