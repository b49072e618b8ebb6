"""Tries as many inputs as it is told to: `python -m tests.generated 1000000`.

For the night: one line for each subject with what was tried and found; exit status 1 if something
did not hold. Each subject gets its share, in processes of their own, as many as there are
processors; an input that failed is printed as small as it could be made.
"""

import argparse
import os
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor

from tests.generated import properties
from tests.generated.subjects import SUBJECTS, try_many

_AT_ONCE = 10_000
"""Inputs of one go: hypothesis remembers what it has tried, and would need more memory for more."""


def _run(name: str, examples: int) -> tuple[int, float, str]:
    """How many were tried, the seconds, and what failed ("": nothing)."""
    started = time.monotonic()
    tried = 0
    found = ""
    try:
        while tried < examples:
            tried += try_many(SUBJECTS[name], min(_AT_ONCE, examples - tried))
    except Exception:  # noqa: BLE001  whatever a property or the program raises is a finding
        found = traceback.format_exc()
    properties.close()
    return tried, time.monotonic() - started, found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.generated", description=__doc__)
    parser.add_argument("inputs", type=int, help="how many in all")
    parser.add_argument("--only", choices=SUBJECTS, action="append", help="of these subjects")
    options = parser.parse_args()
    names = options.only or list(SUBJECTS)
    each = -(-options.inputs // len(names))
    print(f"{'subject':<26}{'inputs':>10}{'seconds':>10}  found")  # noqa: T201  it is a report
    all_tried, failed = 0, False
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for name, future in [(name, pool.submit(_run, name, each)) for name in names]:
            tried, seconds, found = future.result()
            all_tried += tried
            failed = failed or bool(found)
            what = found or "nothing"
            print(f"{name:<26}{tried:>10,}{seconds:>10.0f}  {what}", flush=True)  # noqa: T201
    print(f"{'in all':<26}{all_tried:>10,}")  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
