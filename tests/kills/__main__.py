"""Kills the program so often, and says what was found: exit status 1 if anything was not whole."""

import argparse
import sys
import time

from tests.kills.runner import Result, run
from tests.kills.scenarios import SCENARIOS


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=50)
    parser.add_argument("--seed", type=int, default=1, help="the first; each round has the next")
    parser.add_argument(
        "--every-step", action="store_true", help="one kill at every step of each scenario instead"
    )
    parser.add_argument("--only", action="append", choices=[each.name for each in SCENARIOS])
    options = parser.parse_args()
    begin = time.monotonic()
    results = run(None if options.every_step else options.kills, options.seed, options.only or ())
    for line in table(results):
        print(line)  # noqa: T201  this is what it is for
    failures = [failure for result in results for failure in result.failures]
    seconds = time.monotonic() - begin
    kills = sum(result.kills for result in results)
    print(f"{kills:,} kills in {seconds:.0f} s, {len(failures)} not whole.")  # noqa: T201
    return 1 if failures else 0


def table(results: list[Result]) -> list[str]:
    lines = [
        "| scenario | kills | at a step / of | after a time / of ms | over before | not whole |",
        "|---|---|---|---|---|---|",
    ]
    for each in results:
        by_time = each.kills - each.at_steps
        lines.append(
            f"| {each.name} | {each.kills:,} | {each.at_steps:,} / {each.whole.steps:,}"
            f" | {by_time:,} / {each.whole.seconds * 1000:.0f} | {each.too_late:,}"
            f" | {len(each.failures) or 'none'} |"
        )
    for failure in (failure for each in results for failure in each.failures):
        lines.append(
            f"\n{failure.scenario}, killed at {failure.kill} (--only '{failure.scenario}' 1"
            f" --seed {failure.seed}), had told: {failure.told or 'nothing'}"
        )
        lines += [f"    {problem[:600]}" for problem in failure.problems]
    return lines


if __name__ == "__main__":
    sys.exit(main())
