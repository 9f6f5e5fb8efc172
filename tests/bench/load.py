"""Load from another process with wrk, and what it costs the server: requests/s, latency, processor time, memory."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
PERCENTILE = re.compile(r"^\s+(50|99)%\s+([\d.]+)(us|ms|s|m)\s*$", re.MULTILINE)
REFUSED = re.compile(r"Non-2xx or 3xx responses: (\d+)")
BROKEN = re.compile(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
# A server that uses less than this part of one core, looked at each so many seconds, has nothing to do.
STILL, LOOK = 0.05, 2.0
# A question is drawn by its weight; what stands between @ is filled in anew for each request.
LUA = """
math.randomseed(os.time() + tonumber(tostring({{}}):sub(8), 16) % 100000)
local paths, accepts, weights = {{ {paths} }}, {{ {accepts} }}, {{ {weights} }}
local words, places, total, counter = {{ {words} }}, {{ {places} }}, 0, math.random(1, 1000000000)
for _, weight in ipairs(weights) do total = total + weight end
local function choose()
  local left = math.random() * total
  for number, weight in ipairs(weights) do
    left = left - weight
    if left < 0 then return number end
  end
  return #weights
end
function request()
  local chosen = choose()
  counter = counter + 1
  local path = paths[chosen]
  path = path:gsub("@V@", string.format("V%07d", 1000 + math.random({associations})))
  path = path:gsub("@B@", string.format("B%07d", 1000 + math.random({decisions})))
  path = path:gsub("@WORD@", words[math.random(#words)]):gsub("@NIS@", places[math.random(#places)])
  path = path:gsub("@NEW@", tostring(counter))
  return wrk.format("GET", path, {{["Accept"] = accepts[chosen], ["Accept-Encoding"] = "identity"}})
end
"""


@dataclass(frozen=True)
class Asked:
    """One request: its path with blanks, what it accepts, and how often it comes beside the others."""

    path: str
    accept: str
    weight: float = 1.0


@dataclass(frozen=True)
class Blanks:
    """What blanks are filled with: codes up to these numbers, words, municipalities."""

    associations: int
    decisions: int
    words: Sequence[str]
    places: Sequence[str]


@dataclass(frozen=True)
class Speed:
    """Requests/s, ms until half and until 99% had their answer, and ms of processor time for each."""

    rate: float
    half: float
    slow: float
    cost: float
    refused: int = 0


@dataclass(frozen=True)
class Target:
    """A server to put load on: where it answers, and a word that only its command line has."""

    name: str
    address: str
    word: str


def measure(
    target: Target, asked: Sequence[Asked], blanks: Blanks, folder: Path, seconds: int, connections: int = 8
) -> Speed:
    """Load for so many seconds, after one to warm up; the run ends when a connection breaks or much is refused.

    A rate of 0 means that no answer came in that time.
    """
    script = folder / "ask.lua"
    script.write_text(_script(asked, blanks))
    command = ["wrk", "-t1", f"-c{connections}", "--latency", "--timeout", "60s", "-s", str(script), target.address]
    subprocess.run([*command, "-d1s"], check=True, capture_output=True)
    before = processor_seconds(target.word)
    out = subprocess.run([*command, f"-d{seconds}s"], check=True, capture_output=True, text=True).stdout
    used = processor_seconds(target.word) - before
    speed = _read(out, used, seconds)
    if BROKEN.search(out) or speed.refused > 0.2 * speed.rate * seconds:
        sys.exit(f"{target.name} does not answer {asked[0].path}:\n{out}")
    return speed


def measure_page(target: Target, path: str, headers: dict[str, str], seconds: int, connections: int = 16) -> Speed:
    """The same request again and again."""
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{connections}", "--latency", *given, target.address + path]
    subprocess.run([*command, "-d1s"], check=True, capture_output=True)
    before = processor_seconds(target.word)
    out = subprocess.run([*command, f"-d{seconds}s"], check=True, capture_output=True, text=True).stdout
    return _read(out, processor_seconds(target.word) - before, seconds)


def _read(out: str, used: float, seconds: int) -> Speed:
    found, refused = RATE.search(out), REFUSED.search(out)
    rate = float(found[1]) if found else 0.0
    if not rate:
        return Speed(0, 0, 0, 0)
    percentiles = {name: float(number) * MILLISECONDS[unit] for name, number, unit in PERCENTILE.findall(out)}
    cost = used * 1000 / (rate * seconds)
    return Speed(rate, percentiles["50"], percentiles["99"], cost, int(refused[1]) if refused else 0)


def _script(asked: Sequence[Asked], blanks: Blanks) -> str:
    return LUA.format(
        paths=_strings(each.path for each in asked),
        accepts=_strings(each.accept for each in asked),
        weights=", ".join(str(each.weight) for each in asked),
        words=_strings(blanks.words), places=_strings(blanks.places),
        associations=blanks.associations, decisions=blanks.decisions,
    )  # fmt: skip


def _strings(values: Iterator[str] | Sequence[str]) -> str:
    return ", ".join(f"[==[{value}]==]" for value in values)


def family(word: str) -> list[int]:
    """The processes below this one with `word` in their command line, and all that these started."""
    parents, lines = {}, {}
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            parents[int(path.name)] = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            lines[int(path.name)] = (path / "cmdline").read_text()
    below = _below({os.getpid()}, parents)
    return sorted(_below({pid for pid in below if word in lines.get(pid, "") and lines[pid][:3] != "wrk"}, parents))


def _below(found: set[int], parents: dict[int, int]) -> set[int]:
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found = found | more
    return found - {os.getpid()}


def processor_seconds(word: str) -> float:
    """What the server and its workers have used so far."""
    ticks = 0
    for pid in family(word):
        with suppress(OSError):
            ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
    return ticks / TICKS


def until_still(word: str) -> float:
    """Wait until the server has done what it does at its start; the seconds of processor that it has used by then."""
    used, before = processor_seconds(word), -1.0
    while used - before > STILL * LOOK:
        time.sleep(LOOK)
        used, before = processor_seconds(word), used
    return used


def megabytes(word: str) -> float:
    """The memory that the server and its workers hold, what they share counted once."""
    kilobytes = 0
    for pid in family(word):
        with suppress(OSError):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            kilobytes += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss_Anon:"))
    return kilobytes / 1000
