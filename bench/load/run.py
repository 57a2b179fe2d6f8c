# SPDX-License-Identifier: Apache-2.0
"""Many calls at a time: libokta, the same by hand on libcurl and cJSON, and Okta's other SDKs. docs/many-calls.md"""

import argparse
import json
import os
import signal
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import chart  # noqa: E402
import measure  # noqa: E402
import servers  # noqa: E402
import subjects as known  # noqa: E402
import table  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench-load", description=__doc__)
    parser.add_argument("--json", metavar="FILE", help="write the figures for programs")
    parser.add_argument("--rounds", metavar="N", type=int, default=3, help="over all programs; default: 3")
    parser.add_argument("--limits", action="store_true", help="only instructions of what has a limit, with 1 and 64 in flight")
    parser.add_argument("--docs", action="store_true", help="write table and chart into docs/")
    given = parser.parse_args()
    if given.rounds < 1 or (given.limits and given.docs):
        parser.error("--rounds is 1 at least, and --docs needs what --limits leaves out")
    return given


def prepare(subjects: list[known.Subject], peers: str) -> None:
    os.makedirs(peers, exist_ok=True)
    for subject in subjects:
        if subject.prepare is not None:
            say(f"installing {subject.name}")
            subject.skipped = subject.prepare()


def say(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def run(given: argparse.Namespace, subjects: list[known.Subject], cases: list[measure.Case],
        measuring: measure.Measure) -> table.Results:
    """Programs run in turn, so that a slow moment of the machine meets all of them."""
    results: table.Results = {}
    for case in cases:
        for subject in subjects:
            if not subject.skipped and (subject.h2 or case.protocol != "h2"):
                results[case, subject.key] = measure.Figures()
    by_key = {subject.key: subject for subject in subjects}
    for (case, key), figures in results.items():
        if by_key[key].counted is not None:
            say(f"instructions: {case.name}: {by_key[key].name}")
            measuring.count(by_key[key], case, figures)
    sweeps = max(subject.runs for subject in subjects)
    for number in range(0 if given.limits else given.rounds):
        for case in cases:
            for sweep in range(sweeps):
                for subject in subjects:
                    figures = results.get((case, subject.key))
                    if figures is not None and sweep < subject.runs:
                        say(f"round {number + 1}: {case.name}: {subject.name}")
                        measuring.time(subject, case, figures, number * sweeps + sweep)
    say("")
    return results


def write_docs(text: str, subjects: list[known.Subject], results: table.Results) -> None:
    page = os.path.join(ROOT, "docs", "many-calls.md")
    with open(page, encoding="utf-8") as file:
        before, _, rest = file.read().partition("```text\n")
        _, _, after = rest.partition("```\n")
    with open(page, "w", encoding="utf-8") as file:
        file.write(f"{before}```text\n{text}```\n{after}")
    with open(os.path.join(ROOT, "docs", "many-calls.svg"), "w", encoding="utf-8") as file:
        file.write(chart.chart(subjects, results))


def main() -> int:
    given = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the servers end, too
    binaries = os.path.join(ROOT, "build", "bench", "bin")
    subjects = known.subjects(binaries, os.path.join(ROOT, "build", "peers"))
    cases = measure.cases()
    if given.limits:
        subjects = [subjects[0], *(subject for subject in subjects[1:] if subject.limits is not None)]
        cases = [case for case in cases if case.in_flight in (1, measure.IN_FLIGHT[-1])]
    prepare(subjects, os.path.join(ROOT, "build", "peers"))
    try:
        with tempfile.TemporaryDirectory() as folder, servers.Servers(binaries, folder) as both:
            results = run(given, subjects, cases, measure.Measure(both))
    except (measure.MeasureError, servers.ServerError) as error:
        print(f"bench-load: {error}", file=sys.stderr)
        return 1
    text = table.table(subjects, cases, results)
    print(text, end="")
    if given.json is not None:
        with open(given.json, "w", encoding="utf-8") as file:
            json.dump(table.for_programs(subjects, results), file, indent=1)
            file.write("\n")
    if given.docs:
        write_docs(text, subjects, results)
    failed = table.failures(subjects, results)
    print(f"bench-load: {len(results)} rows, {len(failed)} above their limit")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
