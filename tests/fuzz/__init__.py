"""Coverage-guided fuzzing (atheris) of what reads strangers' bytes: `python -m tests.fuzz html`.

It needs the extra `fuzz`. What must hold is what `tests/generated/properties.py` says; what a
run finds is written beside it as a file, and goes into the corpus of hostile inputs once it is
mended.
"""
