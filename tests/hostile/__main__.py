"""Writes the table of the corpus."""

from tests.hostile.table import FILE, table

FILE.write_text(table(), encoding="utf-8")
