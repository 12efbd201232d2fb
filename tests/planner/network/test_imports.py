"""What the command line loads before it is asked for anything."""

import subprocess
import sys


def test_numba_is_not_loaded_until_travel_times_are_asked_for() -> None:
    code = "import sys, planner.cli, planner.network; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
