"""Kill every step of the main job many times, and print what came of it: `python -m benchmarks.faults`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from defusedxml import ElementTree

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Run the fault tests in their long form, and print how each step was hit."""
    parser = argparse.ArgumentParser(description="The fault tests, as often as you like.")
    parser.add_argument("--rounds", type=int, default=100, help="kills of each step (default: 100)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the moments (default: 1)")
    parser.add_argument("--claims", type=int, default=2_000, help="claims by four processes (default: 2000)")
    parser.add_argument("--inputs", type=int, default=300, help="damaged inputs of each kind (default: 300)")
    arguments = parser.parse_args()
    os.environ["GRAPHLEADS_TEST_FUZZ_EXAMPLES"] = str(arguments.inputs)
    os.environ["GRAPHLEADS_TEST_FUZZ_SEED"] = str(arguments.seed)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        failed = _run_tests(report, rounds=arguments.rounds, seed=arguments.seed, claims=arguments.claims)
        _print_outcomes(report, arguments.seed)
    sys.exit(failed)


def _run_tests(report: Path, *, rounds: int, seed: int, claims: int) -> int:
    wanted = {"ROUNDS": rounds, "SEED": seed, "CLAIMS": claims}
    environment = os.environ | {f"GRAPHLEADS_TEST_FAULT_{name}": str(value) for name, value in wanted.items()}
    words = [sys.executable, "-m", "pytest", "-q", "-o", "junit_family=xunit1", f"--junitxml={report}", "tests/faults"]
    return subprocess.run(words, cwd=ROOT, env=environment, check=False).returncode


def _print_outcomes(report: Path, seed: int) -> None:
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    for case in ElementTree.parse(report).iter("testcase"):
        said = {one.get("name"): one.get("value") for one in case.iter("property")}
        if "step" in said:
            failed = case.find("failure") is not None or case.find("error") is not None
            outcomes[said["step"]]["FAILED AFTERWARDS" if failed else said["outcome"]] += 1
        if "inputs" in said:
            print(f"{case.get('name'):<60} {said['inputs']:>6} inputs  {said['outcomes']}")
    print(f"\nseed {seed}\n{'step':<18} {'kills':>6}  what was found")
    for step, counted in outcomes.items():
        print(f"{step:<18} {counted.total():>6}  {', '.join(f'{n} {what}' for what, n in sorted(counted.items()))}")


if __name__ == "__main__":
    main()
