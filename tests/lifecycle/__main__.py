"""Every event in every place, with the time that it took.

    python -m tests.lifecycle [--times 3] [--only WORD]

The exit status is 1 if a terminal, a status, a process or a database was not as it should be.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from tests.lifecycle.events import EVENTS, happen, reader_at
from tests.lifecycle.places import DEAF, PLACES


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.lifecycle", description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--only", default="", help="rows whose name holds this")
    options = parser.parse_args()
    wrong = 0
    worst = 0.0
    for place in (*PLACES, DEAF):
        for event in EVENTS:
            name = f"{place}: {event}"
            if options.only not in name or (place is DEAF and "," in event.name):
                continue  # without an answer, two signals in a row are there at the same time
            seconds = []
            problems: set[str] = set()
            for _ in range(options.times):
                with tempfile.TemporaryDirectory() as folder:
                    try:
                        with reader_at(place, Path(folder)) as reader:
                            came = happen(event, place, reader)
                    except AssertionError as error:
                        problems.add(str(error))
                        continue
                seconds.append(came.seconds)
                problems.update(came.left)
                if came.status != event.status:
                    problems.add(f"status {came.status}, not {event.status}")
            took = ""
            if seconds:
                worst = max(worst, *seconds)
                took = f"{statistics.median(seconds):5.2f} s, at most {max(seconds):5.2f} s"
            wrong += bool(problems)
            sys.stdout.write(f"{name:60} {took}  {'; '.join(sorted(problems)) or 'as it was'}\n")
            sys.stdout.flush()
    sys.stdout.write(f"the longest took {worst:.2f} s; {wrong} rows are not as they should be\n")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
