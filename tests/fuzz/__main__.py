"""Fuzzes one target for some minutes: `python -m tests.fuzz html --minutes 30`.

Prints what libFuzzer prints, and at the end how many inputs were tried and what was covered; exit
status 1 and a file `crash-…` in the folder of finds if something did not hold. What was learned
is kept in `--corpus` for the next time.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

_TARGET = "NORDIC_TUI_FUZZ"
_MAX_BYTES = 4_096
_SLOW_S = 20
"""An input that takes longer is a find: a few milliseconds are usual."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=("gate", "html", "json", "opml"))
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--corpus", type=Path, help="what was learned; without it begins anew")
    parser.add_argument("--finds", type=Path, default=Path.cwd(), help="where finds are written")
    parser.add_argument("--again", type=Path, help="try this one file and nothing else")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus = options.corpus or Path(folder) / "corpus"
        corpus.mkdir(parents=True, exist_ok=True)
        words = Path(folder) / "words"
        _prepare(options.target, corpus, words)
        what = [
            f"-max_total_time={int(options.minutes * 60)}",
            f"-max_len={_MAX_BYTES}",
            f"-timeout={_SLOW_S}",
            f"-dict={words}",
            f"-artifact_prefix={options.finds}/",
            "-print_final_stats=1",
            "-verbosity=1",
            str(corpus),
        ]
        if options.again is not None:
            what = [str(options.again)]
        # In a process of its own, which libFuzzer ends in its own way.
        status = subprocess.run(
            [sys.executable, "-c", "from tests.fuzz.run import run; run()", *what],
            env=os.environ | {_TARGET: options.target},
            check=False,
        ).returncode
    return 1 if status else 0


def _prepare(target: str, corpus: Path, words: Path) -> None:
    """Write what the target begins with, and its dictionary (libFuzzer's format)."""
    from tests.fuzz.targets import TARGETS

    for number, seed in enumerate(TARGETS[target].seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    lines = (
        "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8")) for word in TARGETS[target].words
    )
    words.write_text("".join(f'"{line}"\n' for line in lines))


if __name__ == "__main__":
    sys.exit(main())
