"""Every benchmark, one after the other: `make bench`, or `python -m tests.bench NAME…` for some of them.

Each prints its own table: our figure and its peer's, taken in turn in the same run. A peer or a service that is not
there is named; it never counts as a result.
"""

from __future__ import annotations

import subprocess
import sys

BENCHMARKS = ("parsing", "polling", "organisations", "sorting", "raising", "delivering", "engine")


def main(names: list[str]) -> int:
    """Run the named benchmarks (all when none are named); gives the number of those that failed."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"expected some of {', '.join(BENCHMARKS)}, got {', '.join(unknown)}", file=sys.stderr)
        return 2
    failed = 0
    for name in names or BENCHMARKS:
        print(f"\n== {name}", flush=True)
        # A process of its own: what one imports and allocates must not weigh on the next.
        failed += subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
