"""Asks pip-audit for known vulnerabilities of all that is installed: `python -m tests.audit`.

Prints what was found and how many packages could be looked up: a package index that has no
advisories knows of none. Exit status 1 for a known vulnerability, and with `--strict` also for a
package that could not be looked up.
"""

import argparse
import json
import subprocess
import sys

_COMMAND = ("pip_audit", "--local", "--skip-editable", "--progress-spinner=off", "--format=json")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.audit", description=__doc__)
    parser.add_argument("--strict", action="store_true", help="all packages must be looked up")
    options = parser.parse_args()
    ended = subprocess.run(
        [sys.executable, "-m", *_COMMAND], capture_output=True, text=True, check=False
    )
    try:
        packages = json.loads(ended.stdout)["dependencies"]
    except (ValueError, KeyError):
        packages = []  # it could not ask at all; why is in its last line
        print(f"pip-audit gave no answer: {ended.stderr.strip().rpartition(chr(10))[2]}")  # noqa: T201  it is a report
    asked = [package for package in packages if "skip_reason" not in package]
    found = [(package, vulnerability) for package in asked for vulnerability in package["vulns"]]
    for package, vulnerability in found:
        fixed = ", ".join(vulnerability["fix_versions"]) or "no version yet"
        print(f"{package['name']} {package['version']}: {vulnerability['id']}, mended in {fixed}")  # noqa: T201
    print(f"pip-audit: {len(asked)} of {len(packages)} packages looked up, {len(found)} problems")  # noqa: T201
    return 1 if found or (options.strict and (not packages or len(asked) < len(packages))) else 0


if __name__ == "__main__":
    sys.exit(main())
