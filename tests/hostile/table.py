"""The table of the corpus: what is wrong with each input, and what the reader does.

`python -m tests.hostile` writes it into the README.md of this folder.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

from tests.hostile.case import Case

GROUPS = (
    "terminal",
    "spoofing",
    "markup",
    "links",
    "xml",
    "http",
    "feed",
    "json",
    "opml",
    "local_files",
)
FILE = Path(__file__).parent / "README.md"


def corpus() -> Mapping[str, Sequence[Case]]:
    """Every group by its name, in the order of the table."""
    return {name: import_module(f"tests.hostile.{name}").CASES for name in GROUPS}


def table() -> str:
    """The corpus as Markdown."""
    groups = corpus()
    total = sum(map(len, groups.values()))
    lines = [
        "# Hostile inputs",
        "",
        f"{total} inputs of our own, and what the reader does with each. Every line is a test:",
        "`.venv/bin/pytest tests/hostile`. This page is made from the corpus by",
        "`.venv/bin/python -m tests.hostile`.",
    ]
    for name, cases in groups.items():
        title = name.replace("_", " ")
        lines += [
            "",
            f"## {title} ({len(cases)})",
            "",
            "| input | what is wrong | what the reader does |",
        ]
        lines += ["|---|---|---|"]
        lines += [f"| {_cell(c.name)} | {_cell(c.wrong)} | {_cell(c.does)} |" for c in cases]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    assert text.isprintable(), f"the table must be harmless itself: {text!r}"
    return text.replace("|", "\\|").replace("<", "&lt;")
