# SPDX-License-Identifier: Apache-2.0
"""Runs the subjects: CPU time by getrusage in the program itself, the least of several runs; user instructions by
callgrind."""

import dataclasses
import os
import re
import statistics
import subprocess

from servers import Servers
from subjects import Subject

PROTOCOLS = {"http": "HTTP/1.1", "tls": "HTTP/1.1 over TLS", "h2": "HTTP/2 over TLS"}
ANSWERS = {"key": "one key", "users": "list of 50 users"}
IN_FLIGHT = (1, 10, 64)


class MeasureError(Exception):
    """A program fails."""


@dataclasses.dataclass(frozen=True)
class Case:
    protocol: str
    answer: str
    in_flight: int

    @property
    def name(self) -> str:
        return f"{PROTOCOLS[self.protocol]}, {ANSWERS[self.answer]}, {self.in_flight} in flight"


@dataclasses.dataclass
class Figures:
    """Of one call. `waits`: how often the program gave up the processor to wait."""
    user_us: float | None = None
    system_us: float | None = None
    waits: float | None = None
    wall_us: float | None = None
    instructions: int | None = None
    sweeps: dict[int, float] = dataclasses.field(default_factory=dict)  # CPU time of each sweep, us

    @property
    def calls_a_cpu_second(self) -> float | None:
        return None if self.user_us is None else 1e6 / (self.user_us + self.system_us)

    def calls_ratio(self, base: "Figures") -> float | None:
        """To another program's calls a CPU second: the median over the sweeps in which both ran, one behind the other."""
        ratios = [base.sweeps[sweep] / spent for sweep, spent in self.sweeps.items() if sweep in base.sweeps]
        return statistics.median(ratios) if ratios else None


def cases() -> list[Case]:
    return [Case(protocol, answer, in_flight) for protocol in PROTOCOLS for answer in ANSWERS for in_flight in IN_FLIGHT]


def round_up(calls: int, in_flight: int) -> int:
    return (calls + in_flight - 1) // in_flight * in_flight


class Measure:
    def __init__(self, servers: Servers):
        self.servers = servers
        self.environment = dict(os.environ, SSL_CERT_FILE=servers.ca_file, NODE_EXTRA_CA_CERTS=servers.ca_file)
        for name in list(self.environment):
            if name.lower().endswith("_proxy") or name.startswith("OKTA_"):
                del self.environment[name]

    def _run(self, subject: Subject, case: Case, calls: int, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess:
        url = self.servers.urls[case.protocol]
        ca_file = self.servers.ca_file if url.startswith("https:") else "-"
        # Each call in flight opens its connection and is made twice, at least.
        warm = max(2 * case.in_flight, calls // 5)
        command = [*before, *subject.command, url, ca_file, case.answer, str(case.in_flight), str(warm), str(calls)]
        self.servers.hold(case.in_flight)
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=600, check=False)
        if done.returncode != 0:
            raise MeasureError(f"{subject.name}: {case.name}: exit {done.returncode}: {done.stderr.strip()[-500:]}")
        return done

    def time(self, subject: Subject, case: Case, figures: Figures, sweep: int) -> None:
        """One run more. Of the figures of single runs those with the least CPU time count."""
        calls = round_up(subject.calls[case.answer], case.in_flight)
        fields = [int(field) for field in self._run(subject, case, calls).stdout.split()]
        if len(fields) != 5 or fields[0] != calls:
            raise MeasureError(f"{subject.name}: {case.name}: printed {fields}")
        user, system, waits, wall = (field / calls for field in fields[1:])
        figures.sweeps[sweep] = user + system
        if figures.user_us is None or user + system < figures.user_us + figures.system_us:
            figures.user_us, figures.system_us, figures.waits, figures.wall_us = user, system, waits, wall

    def count(self, subject: Subject, case: Case, figures: Figures) -> None:
        """Its user instructions, of all threads."""
        calls = round_up(subject.counted[case.answer], case.in_flight)
        valgrind = ("valgrind", "--tool=callgrind", "--instr-atstart=no", "--callgrind-out-file=/dev/null")
        collected = re.search(r"Collected : (\d+)", self._run(subject, case, calls, valgrind).stderr)
        if collected is None or int(collected[1]) == 0:
            raise MeasureError(f"{subject.name}: callgrind counts nothing: is valgrind's header there?")
        figures.instructions = int(collected[1]) // calls
