"""What goes wrong with machines: nothing that was promised is lost, nothing is doubled, and it heals by itself.

Of each fault the number that was tried is printed: `pytest -s tests/store/test_faults.py`.
"""

from __future__ import annotations

import re
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from app.errors import Unavailable
from app.store.graphs.project import catch_up
from app.store.log import Log, open_log
from app.store.moments import COPYING, MOMENTS
from tests.killing import killed_at, ready_to_fork
from tests.store.builders import a_version
from tests.store.crashing import feeds, open_all, rebuild_until_killed
from tests.store.test_crash import assert_whole

ROOT = Path(__file__).parent.parent.parent
TIMES_EACH = (1, 3)


def test_each_moment_is_one_that_the_program_comes_to() -> None:
    told = Counter(
        name
        for path in (ROOT / "app").rglob("*.py")
        if path.name != "moments.py"
        for name in re.findall(r'"((?:log|stores|bulk|fill|rebuild|swap|backup|restore): [^"]+)"', path.read_text())
    )
    assert told == Counter((*MOMENTS, *COPYING))


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_between_two_steps_of_a_write_loses_and_doubles_nothing(tmp_path: Path, moment: str) -> None:
    context, promised = ready_to_fork("tests.store.crashing"), 0
    for times in TIMES_EACH:
        killed = killed_at(context, rebuild_until_killed, (tmp_path, times), moment, times)
        promised = max(promised, killed)
        assert_whole(tmp_path, promised)


def filled(directory: Path, count: int = 300) -> int:
    """A log with so many versions, and its stores; answers its head."""
    directory.mkdir(exist_ok=True)
    log, public, internal = open_all(directory)
    with log.transaction() as transaction:
        for code in range(1, count + 1):
            transaction.append(a_version(code, feeds=feeds(code)))
    catch_up(log, public, internal)
    head = log.head()
    for part in (public, internal, log):
        part.close()
    return head


def damage(directory: Path, how: str, random: Random) -> None:
    """Do to a store what disks and people do."""
    files = sorted(path for path in directory.iterdir() if path.is_file() and path.stat().st_size)
    tables = [path for path in files if path.suffix == ".sst"] or files
    if how == "a table is gone":
        random.choice(tables).unlink()
    elif how == "a table is cut off":
        # The largest has the words of all that is said: whoever reads anything needs it.
        path = max(tables, key=lambda table: table.stat().st_size)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif how == "bytes have turned":
        for path in tables:
            content = bytearray(path.read_bytes())
            for _ in range(20):
                content[random.randrange(len(content))] ^= 0xFF
            path.write_bytes(content)
    elif how == "the list of tables is gone":
        for path in files:
            if path.name.startswith("MANIFEST"):
                path.unlink()
    elif how == "the pointer is empty":
        (directory / "CURRENT").write_bytes(b"")
    else:
        shutil.rmtree(directory)


DAMAGE = (
    "a table is gone", "a table is cut off", "bytes have turned", "the list of tables is gone", "the pointer is empty",
    "all of it is gone",
)  # fmt: skip


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_store_is_made_anew_from_the_log(tmp_path: Path, how: str) -> None:
    head = filled(tmp_path)
    for number, name in enumerate(("public", "internal")):
        damage(tmp_path / name, how, Random(number))
    assert_whole(tmp_path, head)


@contextmanager
def files_end_at(size: int) -> Iterator[None]:
    """No file of this process grows past this, as on a disk that is full."""
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, former[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)


def add(log: Log, code: int) -> None:
    with log.transaction() as transaction:
        transaction.append(a_version(code, feeds=feeds(code)))


def test_on_a_full_disk_a_write_is_refused_whole_and_works_again_when_there_is_room(tmp_path: Path) -> None:
    head = filled(tmp_path, 50)
    tried = 0
    with closing(open_log(f"sqlite:///{tmp_path}/log.sqlite", lambda: datetime.now(UTC))) as log:
        add(log, 1000)
        now = max(path.stat().st_size for path in tmp_path.glob("log.sqlite*"))
        for room in range(0, 40_000, 4_096):
            with files_end_at(now + room):
                try:
                    for code in range(2000 + tried * 100, 2000 + tried * 100 + 100):
                        add(log, code)
                        head += 1
                except Unavailable as refused:
                    assert "schijf" in refused.title
                    tried += 1
            assert log.head() == head + 1
            now = max(path.stat().st_size for path in tmp_path.glob("log.sqlite*"))
        add(log, 9999)
    print(f"{tried} times full")
    assert tried >= 5
    assert_whole(tmp_path, head + 2)


FULL = """
import sys
from datetime import UTC, datetime
from app.errors import Unavailable
from tests.store.builders import a_version
from tests.store.crashing import feeds, open_all
from app.store.graphs.project import catch_up
from pathlib import Path
folder, code, promised = Path(sys.argv[1]), 0, 0
log, public, internal = open_all(folder)
while True:
    code += 1
    try:
        with log.transaction() as transaction:
            for number in range(20):
                transaction.append(a_version(code * 20 + number, feeds=feeds(code * 20 + number)))
        promised = log.head()
        print(promised, flush=True)
        catch_up(log, public, internal)
    except (Unavailable, RuntimeError, OSError) as error:
        print(type(error).__name__, flush=True)
        break
"""


@pytest.mark.slow
def test_a_file_system_that_is_full_to_the_last_byte_loses_nothing_that_was_promised(tmp_path: Path) -> None:
    small, kept = tmp_path / "klein", tmp_path / "bewaard"
    small.mkdir()
    script = f'mount -t tmpfs -o size=8m tmpfs {small} && "$@"; cp -a {small} {kept}'
    done = in_a_mount_of_our_own(script, FULL, small)
    told = done.stdout.split()
    promised = [int(each) for each in told if each.isdigit()]
    assert promised and not told[-1].isdigit(), done.stdout + done.stderr
    print(f"full after {promised[-1]} versions: {told[-1]}")
    assert_whole(kept, promised[-1])


def test_on_a_disk_that_takes_not_a_byte_all_can_be_read_and_a_write_is_refused(tmp_path: Path) -> None:
    head = filled(tmp_path, 20)
    with closing(open_log(f"sqlite:///{tmp_path}/log.sqlite", lambda: datetime.now(UTC))) as log:
        with files_end_at(0), pytest.raises(Unavailable):
            add(log, 5000)
        assert log.head() == head
        assert len(log.read(0, 1000)) == head


READ_ONLY = """
import sys, time
from pathlib import Path
from app.errors import Unavailable
from tests.store.crashing import open_all
begun = time.monotonic()
try:
    open_all(Path(sys.argv[1]))
except Unavailable as refused:
    print(refused.title)
print(round(time.monotonic() - begun))
"""


def test_on_a_disk_that_can_only_be_read_the_start_says_so_at_once(tmp_path: Path) -> None:
    filled(tmp_path / "data", 5)
    script = f'mount --bind {tmp_path} {tmp_path} && mount -o remount,bind,ro {tmp_path} && "$@"'
    done = in_a_mount_of_our_own(script, READ_ONLY, tmp_path / "data")
    told, seconds = done.stdout.splitlines()
    assert "mag deze dienst in de map met gegevens schrijven" in told, done.stderr
    assert int(seconds) < 30


def in_a_mount_of_our_own(script: str, program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program after some mounting that nobody else sees; skips where the system does not allow that."""
    enter = ["unshare", "--user", "--map-root-user", "--mount"]
    if shutil.which("unshare") is None or subprocess.run([*enter, "true"], check=False).returncode:
        pytest.skip("this system allows no mount of our own")
    command = [*enter, "bash", "-c", script, "-", sys.executable, "-c", program, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_a_clock_that_jumps_puts_nothing_out_of_order(tmp_path: Path) -> None:
    random, noon = Random(7), datetime(2026, 6, 1, 12, tzinfo=UTC)
    jumps = [timedelta(hours=random.uniform(-48, 48)) for _ in range(100)]
    times = iter([noon + jump for jump in jumps for _ in range(2)])
    with closing(open_log(f"sqlite:///{tmp_path}/log.sqlite", lambda: next(times, noon))) as log:
        for code in range(1, 101):
            add(log, code)
        versions = log.read(0, 1000)
    assert [version.sequence for version in versions] == list(range(1, 101))
    assert all(one.time < other.time for one, other in pairwise(versions))


def test_a_database_that_is_locked_for_long_is_said_to_be_and_works_again(tmp_path: Path) -> None:
    filled(tmp_path, 5)
    path = tmp_path / "log.sqlite"
    with closing(open_log(f"sqlite:///{path}", lambda: datetime.now(UTC))) as log:
        with log.database.reading() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=50")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable):
            add(log, 700)
        assert log.head() == 5
        other.execute("ROLLBACK")
        other.close()
        add(log, 701)
        assert log.head() == 6
