"""python -m bench NAME [ARGUMENTS]: run one benchmark."""

import importlib
import sys
from pathlib import Path


def main() -> int:
    """Run the benchmark named first on the command line; list them when there is none of that name."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))
    if len(sys.argv) < 2 or sys.argv[1] not in names:
        print("usage: python -m bench NAME [ARGUMENTS]\nnames:", *names)
        return 2
    importlib.import_module(f"bench.{sys.argv[1]}").main(sys.argv[2:])
    return 0


sys.exit(main())
