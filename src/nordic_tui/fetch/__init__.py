"""Bytes from outside: over HTTP, from a file, from standard input."""
