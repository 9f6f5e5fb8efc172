"""How fast the concepts of the IPDC come in: `python -m tests.bench.concept_feed [--concepts 5300]`.

From an empty register to all of them on disk, at 25 a page as the IPDC sends them; then a round with nothing new. The
processor time is that of this process, the stub included, which writes the pages in it. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

from app.exchange.stubs.ipdc_concepts import invented
from tests.exchange.ipdc_world import IPDC, make_world
from tests.register.builders import make_tools


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--concepts", type=int, default=5300)
    count = options.parse_args().concepts
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(make_tools(), Path(folder), list(invented(count)))
        feed = world.feed(f"{IPDC}/doc/conceptsnapshot?limit=25&pageNumber=0")
        for name in ("leeg", "niets nieuws"):
            start, busy = time.perf_counter(), time.process_time()
            run = world.follower().run(feed)
            took, busy = time.perf_counter() - start, time.process_time() - busy
            print(f"{name}: {run} {took:.1f} s, {busy:.1f} s processortijd, {run.taken / busy:.0f} versies/s daarvan")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"hoogste geheugen {peak:.0f} MB")
        world.register.log.close()


if __name__ == "__main__":
    main()
