"""The policy language: strict reading, checking with findings, one generated function per version, and its traced form."""
