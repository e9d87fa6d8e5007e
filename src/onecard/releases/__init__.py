"""Which documents are in force: versions that, once released, never change."""
