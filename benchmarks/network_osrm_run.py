"""One OSRM table in one process: run by `benchmarks.network_osrm` with the interpreter that has the bindings.

``python network_osrm_run.py BASE COORDINATES OUT REPEATS`` reads (lon, lat) as doubles, writes milliseconds as doubles
(row by row, ``inf`` without a way), and prints the fewest CPU seconds of the table call as JSON. Only the call is timed:
neither loading the graph nor turning the answer into numbers.
"""

import array
import json
import sys
import time
from pathlib import Path

import osrm


def main() -> None:
    """Run the table."""
    base, coordinates, out, repeats = sys.argv[1:5]
    places = array.array("d")
    places.frombytes(Path(coordinates).read_bytes())
    engine = osrm.OSRM(
        algorithm="CH", storage_config=base, use_shared_memory=False, max_locations_distance_table=-1, verbosity="NONE"
    )
    pairs = list(zip(places[0::2], places[1::2], strict=True))
    question = osrm.TableParameters(coordinates=pairs, annotations=["duration"], generate_hints=False)
    engine.Table(osrm.TableParameters(coordinates=pairs[:2], annotations=["duration"]))  # loads what is loaded late
    took = []
    for _ in range(int(repeats)):
        cpu = time.process_time()
        answer = engine.Table(question)
        took.append(time.process_time() - cpu)
    milliseconds = array.array("d")
    for row in answer["durations"]:
        milliseconds.extend(float("inf") if value is None else round(value * 10) for value in row)
    Path(out).write_bytes(milliseconds.tobytes())
    print(json.dumps({"seconds": min(took), "all": took}))


if __name__ == "__main__":
    main()
