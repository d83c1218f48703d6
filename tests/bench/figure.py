"""A figure that was measured, beside what is to be reached, and the table of all of them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Figure(NamedTuple):
    """One row of the table; `reached` is None for a figure that only stands beside another."""

    what: str
    figure: str
    reach: str
    reached: bool | None
    method: str


def percentile(values: Iterable[float], share: float) -> float:
    """Return the smallest value that at least this share of them does not exceed.

    >>> percentile([4, 1, 3, 2], 0.5), percentile([4, 1, 3, 2], 0.95)
    (2, 4)
    """
    ordered = sorted(values)
    return ordered[max(-(-round(share * 1000) * len(ordered) // 1000) - 1, 0)]


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a Markdown table, and below it how each was measured."""
    notes = list(dict.fromkeys(figure.method for figure in figures))
    cells = [
        ("what", "figure", "reach", "ok", "method"),
        *(
            (
                figure.what,
                figure.figure,
                figure.reach,
                {True: "yes", False: "no", None: ""}[figure.reached],
                str(notes.index(figure.method) + 1),
            )
            for figure in figures
        ),
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    rows = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    rule = " | ".join("-" * width for width in widths)
    lines = [f"| {row} |" for row in (rows[0], rule, *rows[1:])]
    return "\n".join([*lines, "", *(f"{number}. {note}." for number, note in enumerate(notes, 1))])
