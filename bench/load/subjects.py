# SPDX-License-Identifier: Apache-2.0
"""What is measured: programs that take URL CA_FILE|- key|users IN_FLIGHT WARM CALLS (bench/bench_many.h).

One more subject is one more row of `subjects()`.
"""

import dataclasses
import os
import shutil
import subprocess
from typing import Callable

HERE = os.path.dirname(os.path.abspath(__file__))
BENCH = os.path.dirname(HERE)


@dataclasses.dataclass
class Subject:
    """`calls` are those of one run, by answer, and `runs` how many of them a round has. `counted`: the calls that
    callgrind counts."""
    key: str
    name: str
    command: list[str]
    calls: dict[str, int]
    counted: dict[str, int] | None = None
    runs: int = 1
    limits: dict[tuple[str, str], float] | None = None  # by protocol and answer; None: it has none
    h2: bool = True
    prepare: Callable[[], str] | None = None  # returns a reason to skip it, or ""
    skipped: str = ""


def _run(command: list[str], folder: str, log: str, seconds: int) -> bool:
    with open(log, "a", encoding="utf-8") as file:
        try:
            return subprocess.run(command, cwd=folder, stdout=file, stderr=file, stdin=subprocess.DEVNULL,
                                  timeout=seconds, check=False).returncode == 0
        except (OSError, subprocess.TimeoutExpired) as error:
            print(error, file=file)
            return False


def _prepare_node(folder: str) -> str:
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "there is no node or no npm"
    os.makedirs(folder, exist_ok=True)
    for name in ("package.json", "many.js"):
        shutil.copy(os.path.join(BENCH, "peers", "node", name), folder)
    good = _run(["npm", "install", "--no-audit", "--no-fund", "--no-package-lock"], folder, folder + ".log", 300)
    return "" if good else f"npm does not get it; see {folder}.log"


def _prepare_go(folder: str) -> str:
    if shutil.which("go") is None:
        return "there is no go"
    os.makedirs(folder, exist_ok=True)
    good = _run(["go", "build", "-buildvcs=false", "-o", os.path.join(folder, "many"), "."],
                os.path.join(BENCH, "peers", "go"), folder + ".log", 900)
    return "" if good else f"go does not get or build it; see {folder}.log"


def _prepare_python(folder: str) -> str:
    python = shutil.which("python3")
    if python is None:
        return "there is no python3"
    requirements = os.path.join(BENCH, "peers", "python", "requirements.txt")
    good = (_run([python, "-m", "venv", folder], BENCH, folder + ".log", 100) and
            _run([os.path.join(folder, "bin", "python"), "-m", "pip", "install", "-q", "-r", requirements],
                 BENCH, folder + ".log", 300))
    return "" if good else f"pip does not get it; see {folder}.log"


# Instructions to those of curl_multi by hand. Threads by hand have up to 1.03 times as many for a key.
THREADS = {(protocol, answer): limit for protocol in ("http", "tls", "h2")
           for answer, limit in (("key", 1.10), ("users", 0.85))}
LOOP = {("http", "key"): 1.10, ("tls", "key"): 1.15, ("h2", "key"): 1.15,
        ("http", "users"): 0.50, ("tls", "users"): 0.55, ("h2", "users"): 0.60}


def subjects(binaries: str, peers: str) -> list[Subject]:
    """The first one is what the ratios are of. `peers`: the folder where other SDKs are installed."""
    def in_c(key: str, name: str, program: str, limits: dict | None = None) -> Subject:
        return Subject(key, name, [os.path.join(binaries, program)], {"key": 1600, "users": 320},
                       {"key": 640, "users": 128}, 5, limits)

    node, go, python = (os.path.join(peers, name) for name in ("node", "go", "python"))
    return [
        in_c("multi", "by hand, curl_multi", "bench_many_multi"),
        in_c("easy", "by hand, threads", "bench_many_easy"),
        in_c("okta", "libokta, threads", "bench_many_okta", THREADS),
        in_c("leader", "libokta, threads, one drives", "bench_many_leader"),
        in_c("loop", "libokta, a loop", "bench_many_loop", LOOP),
        Subject("node", "Okta's Node SDK 8.1.0", ["node", os.path.join(node, "many.js")],
                {"key": 640, "users": 256}, h2=False, prepare=lambda: _prepare_node(node)),
        Subject("go", "Okta's Go SDK 6.0.3", [os.path.join(go, "many")],
                {"key": 1280, "users": 128}, prepare=lambda: _prepare_go(go)),
        Subject("python", "Okta's Python SDK 3.4.6",
                [os.path.join(python, "bin", "python"), os.path.join(BENCH, "peers", "python", "many.py")],
                {"key": 640, "users": 128}, h2=False, prepare=lambda: _prepare_python(python)),
    ]
