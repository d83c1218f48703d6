"""Tables on narrow terminals, and in pipes: nothing of them is cut, and nothing left out."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.table import Column, Table
from rich.text import Text

_BETWEEN = 2
"""How far apart columns are."""


def fitting(made: Table, width: int) -> Iterator[Table]:
    """Yield a table, or where it is wider than that, parts of it that are not.

    A last column of words gives way first, down to its longest word. Each part has the first column and as many of
    the others, at least one, as fit beside it; only what is wider than that wraps within its cell.
    """
    least = [_least(column, made) for column in made.columns]
    places: list[int] = []
    for place in range(1, len(least)):
        if places and _spare((0, *places, place), least, width) < 0:
            yield _part(made, (0, *places), least, width)
            places = []
        places.append(place)
    yield _part(made, (0, *places), least, width)


def _part(made: Table, places: Sequence[int], least: Sequence[int], width: int) -> Table:
    """Return a table of some columns: where they fit each is as wide as its cells, but for a last one of words."""
    part = Table(
        box=made.box,
        show_header=made.show_header,
        show_edge=made.show_edge,
        pad_edge=made.pad_edge,
        collapse_padding=made.collapse_padding,
    )
    fits = _spare(places, least, width) >= 0
    for place in places:
        column = made.columns[place]
        own = least[place] if fits and not _gives_way(column, made) else None
        part.add_column(column.header, justify=column.justify, overflow="fold", width=own)
    cells = zip(*(made.columns[place].cells for place in places), strict=True)
    for row, of_row in zip(made.rows, cells, strict=True):
        part.add_row(*of_row, style=row.style)
    return part


def _spare(places: Sequence[int], least: Sequence[int], width: int) -> int:
    return width + _BETWEEN - sum(least[place] + _BETWEEN for place in places)


def _gives_way(column: Column, made: Table) -> bool:
    return column is made.columns[-1] and column.justify == "left"


def _least(column: Column, made: Table) -> int:
    """Return how narrow a column may be: its widest cell, or its longest word if it may give way."""
    texts = [cell.plain if isinstance(cell, Text) else str(cell) for cell in (column.header, *column.cells)]
    if _gives_way(column, made):
        texts = [word for text in texts for word in text.split()]
    return max(map(cell_len, texts), default=0)
