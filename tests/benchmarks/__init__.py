"""Measurements of the program from outside: `python -m tests.benchmarks --help`."""
