"""A file of two matches as football-data.co.uk writes it, to be changed by the tests."""

from collections.abc import Callable

import pytest

HEADER = (
    "Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,"
    "B365H,B365D,B365A,PSH,PSD,PSA,MaxH,MaxD,MaxA,P>2.5,P<2.5,AHh,PAHH,PAHA,"
    "PSCH,PSCD,PSCA,AvgCH,AvgCD,AvgCA,AHCh,PCAHH,PCAHA"
)
SATURDAY = {
    "Div": "E0",
    "Date": "17/08/2024",
    "Time": "12:30",
    "HomeTeam": "Ipswich",
    "AwayTeam": "Nott'm Forest",
    "FTHG": "0",
    "FTAG": "2",
    "FTR": "A",
    "B365H": "8.5",
    "B365D": "5.5",
    "B365A": "1.33",
    "PSH": "8.18",
    "PSD": "5.84",
    "PSA": "1.34",
    "MaxH": "9",
    "P>2.5": "1.41",
    "P<2.5": "3",
    "AHh": "1.5",
    "PAHH": "1.99",
    "PAHA": "1.92",
    "PSCH": "8.14",
    "PSCD": "6.09",
    "PSCA": "1.34",
    "AvgCH": "7.87",
    "AHCh": "1.25",
    "PCAHH": "2.04",
    "PCAHA": "1.9",
}


@pytest.fixture
def csv() -> Callable[..., bytes]:
    """Return a maker of files: the match of a Saturday, once for each set of changed cells."""

    def make(*rows: dict[str, str], header: str = HEADER, bom: bool = True) -> bytes:
        lines = [
            ",".join({**SATURDAY, **changes}.get(column, "") for column in header.split(","))
            for changes in rows or ({},)
        ]
        return "\r\n".join([header, *lines, ""]).encode("utf-8-sig" if bom else "utf-8")

    return make
