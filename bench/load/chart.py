# SPDX-License-Identifier: Apache-2.0
"""The chart of calls a CPU second as SVG, readable on light and on dark pages."""

from xml.sax.saxutils import escape

from measure import ANSWERS, PROTOCOLS, Case
from subjects import Subject

IN_FLIGHT = 10
LABEL_X, BAR_X, BAR_WIDTH, COLUMN = 16, 200, 190, 270
TOP, HEAD, ROW, BAR, GAP = 92, 24, 20, 13, 12
WIDTH = BAR_X + COLUMN * len(ANSWERS) + 10

STYLE = """
.page { fill: #ffffff } .text { fill: #1f2328 } .soft { fill: #59636e } .line { stroke: #d1d9e0 }
.hand { fill: #8c959f } .okta { fill: #0969da } .peer { fill: #bc8422 }
text { font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif }
.title { font-size: 15px; font-weight: 600 } .head { font-weight: 600 }
@media (prefers-color-scheme: dark) {
  .page { fill: #0d1117 } .text { fill: #e6edf3 } .soft { fill: #9198a1 } .line { stroke: #3d444d }
  .hand { fill: #7d8590 } .okta { fill: #4493f8 } .peer { fill: #d29922 }
}
"""


def _text(x: float, y: float, words: str, kind: str = "text") -> str:
    return f'<text x="{x:g}" y="{y:g}" class="{kind}">{escape(words)}</text>'


def _kind(subject: Subject) -> str:
    if subject.counted is None:
        return "peer"
    return "hand" if subject.limits is None else "okta"


def _bars(subject: Subject, protocol: str, results: dict, most: dict[str, float], y: float) -> list[str]:
    parts = []
    for column, answer in enumerate(ANSWERS):
        figures = results.get((Case(protocol, answer, IN_FLIGHT), subject.key))
        x = BAR_X + column * COLUMN
        if figures is None:
            parts.append(_text(x, y + BAR - 2, "no HTTP/2", "soft"))
            continue
        width = max(1, figures.calls_a_cpu_second / most[answer] * BAR_WIDTH)
        parts.append(f'<rect x="{x}" y="{y:g}" width="{width:.1f}" height="{BAR}" rx="2" class="{_kind(subject)}"/>')
        parts.append(_text(x + width + 6, y + BAR - 2, f"{figures.calls_a_cpu_second:,.0f}"))
    return parts


def chart(subjects: list[Subject], results: dict) -> str:
    """Bars of one answer have one scale, over all protocols."""
    shown = [subject for subject in subjects if not subject.skipped]
    most = {answer: max(figures.calls_a_cpu_second for (case, _), figures in results.items()
                        if case.answer == answer and case.in_flight == IN_FLIGHT) for answer in ANSWERS}
    title = f"Calls a CPU second, {IN_FLIGHT} in flight"
    parts = [_text(LABEL_X, 30, title, "text title"),
             _text(LABEL_X, 50, "User and system time of the calling process; longer is better.", "soft")]
    parts += [_text(BAR_X + i * COLUMN, TOP - 12, words, "text head") for i, words in enumerate(ANSWERS.values())]
    y = TOP
    for protocol, name in PROTOCOLS.items():
        parts.append(f'<line x1="{LABEL_X}" x2="{WIDTH - 10}" y1="{y - 4}" y2="{y - 4}" class="line"/>')
        parts.append(_text(LABEL_X, y + 14, name, "text head"))
        y += HEAD
        for subject in shown:
            parts.append(_text(LABEL_X, y + BAR - 2, subject.name))
            parts += _bars(subject, protocol, results, most, y)
            y += ROW
        y += GAP
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" role="img">',
        f"<title>{title}</title>", f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{y}" rx="6" class="page"/>', *parts, "</svg>", ""])
