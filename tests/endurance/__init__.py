"""The program for a long time: what a thousand refreshes leave behind; `python -m` runs it."""
