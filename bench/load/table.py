# SPDX-License-Identifier: Apache-2.0
"""The table for people, and the same for programs."""

import dataclasses

from measure import Case, Figures
from subjects import Subject

Results = dict[tuple[Case, str], Figures]

HEAD = ("", "calls a CPU s", "ratio", "waits a call", "instructions", "ratio", "limit", "")
WIDTHS = (30, 13, 7, 12, 12, 7, 6, 0)


def _line(cells: tuple[str, ...]) -> str:
    first, *rest = (cell.ljust(width) if i == 0 else cell.rjust(width)
                    for i, (cell, width) in enumerate(zip(cells, WIDTHS)))
    return "  ".join([first, *rest]).rstrip()


def ratio(value: float | None, of: float | None) -> float | None:
    return None if value is None or not of else value / of


def _text(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def limit(subject: Subject, case: Case) -> float | None:
    return None if subject.limits is None else subject.limits[case.protocol, case.answer]


def verdict(subject: Subject, case: Case, figures: Figures, base: Figures) -> bool | None:
    """Whether it keeps its limit. None: it has none."""
    of = ratio(figures.instructions, base.instructions)
    most = limit(subject, case)
    return None if most is None or of is None else of <= most


def _row(subject: Subject, case: Case, results: Results, base: Figures) -> str:
    figures = results.get((case, subject.key))
    if figures is None:
        return f"  {subject.name:28}  no HTTP/2" if not subject.h2 else f"  {subject.name:28}  skipped"
    good = verdict(subject, case, figures, base)
    return _line((
        "  " + subject.name, _text(figures.calls_a_cpu_second, ",.0f"),
        _text(figures.calls_ratio(base), ".3f"), _text(figures.waits, ".2f"),
        _text(figures.instructions, ",d"), _text(ratio(figures.instructions, base.instructions), ".3f"),
        "" if good is None else f"{limit(subject, case):.2f}", {None: "", True: "ok", False: "ABOVE"}[good]))


def table(subjects: list[Subject], cases: list[Case], results: Results) -> str:
    lines = [_line(HEAD).rstrip()]
    for case in cases:
        base = results[case, subjects[0].key]
        lines += ["", case.name]
        lines += [_row(subject, case, results, base) for subject in subjects if not subject.skipped]
    lines += ["", *(f"skipped: {subject.name}: {subject.skipped}" for subject in subjects if subject.skipped)]
    return "\n".join(lines).rstrip() + "\n"


def failures(subjects: list[Subject], results: Results) -> list[str]:
    by_key = {subject.key: subject for subject in subjects}
    return [f"{by_key[key].name}: {case.name}" for (case, key), figures in results.items()
            if verdict(by_key[key], case, figures, results[case, subjects[0].key]) is False]


def for_programs(subjects: list[Subject], results: Results) -> dict:
    rows = []
    for (case, key), figures in results.items():
        subject = next(one for one in subjects if one.key == key)
        base = results[case, subjects[0].key]
        rows.append(dataclasses.asdict(case) | {"subject": key} | dataclasses.asdict(figures) | {
            "calls_a_cpu_second": figures.calls_a_cpu_second,
            "calls_ratio": figures.calls_ratio(base),
            "instructions_ratio": ratio(figures.instructions, base.instructions),
            "limit": limit(subject, case),
            "ok": verdict(subject, case, figures, base)})
    return {"subjects": {one.key: {"name": one.name, "skipped": one.skipped} for one in subjects}, "rows": rows}
