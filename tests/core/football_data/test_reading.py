from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.football_data.columns import Moment
from core.football_data.reading import read_football_data
from core.football_data.values import FootballDataError
from tests.core.football_data.conftest import HEADER

Csv = Callable[..., bytes]


def test_a_row_is_a_match_with_its_result_and_its_prices(csv: Csv) -> None:
    file = read_football_data("E0.csv", csv())
    [match] = file.matches
    assert (file.league.sport_key, match.line) == ("soccer_epl", 2)
    assert match.event_id == "football-data-E0-2024-08-17-Ipswich-v-Nott-m-Forest"
    assert (match.commence_time, match.start_is_given) == (datetime(2024, 8, 17, 11, 30, tzinfo=UTC), True)
    assert (match.home_score, match.away_score) == (0, 2)
    before = {offer.column.name: (offer.decimal_odds, offer.point) for offer in match.offers[Moment.BEFORE]}
    assert before["B365D"] == (5.5, None)
    assert before["P>2.5"] == (1.41, 2.5)
    assert (before["PAHH"], before["PAHA"]) == ((1.99, 1.5), (1.92, -1.5))
    close = {offer.column.name: (offer.decimal_odds, offer.point) for offer in match.offers[Moment.CLOSE]}
    assert (close["PCAHH"], close["PCAHA"]) == ((2.04, 1.25), (1.9, -1.25))
    assert close.keys() == {"PSCH", "PSCD", "PSCA", "PCAHH", "PCAHA"}
    assert file.bookmaker_keys == ("bet365", "pinnacle")
    assert file.market_keys == ("h2h", "spreads", "totals")


@pytest.mark.parametrize("bom", [True, False])
def test_blank_lines_and_a_byte_order_mark_are_nothing(csv: Csv, bom: bool) -> None:
    body = csv(bom=bom) + b",,,,,\r\n\r\n"
    assert len(read_football_data("E0.csv", body).matches) == 1


def test_an_older_file_is_in_windows_latin(csv: Csv) -> None:
    body = csv({"HomeTeam": "Málaga"}, bom=False).decode().encode("cp1252")
    assert read_football_data("SP1.csv", body).matches[0].home_team == "Málaga"


def test_without_a_time_the_usual_start_is_taken(csv: Csv) -> None:
    [match] = read_football_data("E0.csv", csv({"Time": ""})).matches
    assert (match.commence_time, match.start_is_given) == (datetime(2024, 8, 17, 14, tzinfo=UTC), False)


def test_columns_that_are_short_of_a_price_leave_only_that_one_out(csv: Csv) -> None:
    [match] = read_football_data("E0.csv", csv({"PSD": "", "P<2.5": "0"})).matches
    names = {offer.column.name for offer in match.offers[Moment.BEFORE]}
    assert {"PSH", "PSA", "P>2.5"} <= names
    assert not {"PSD", "P<2.5"} & names


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param([{"FTR": "H"}], "line 2, column FTR: 'H' is not A", id="a result that the goals are not"),
        pytest.param([{}, {}], "line 3: Ipswich v Nott'm Forest is in line 2 already", id="a match twice"),
        pytest.param([{}, {"Div": "E1", "HomeTeam": "X"}], "line 3, column Div: 'E1' is not E0", id="two leagues"),
        pytest.param([{"AHh": ""}], "column AHh: '' is not a handicap, and PAHH prices one", id="no handicap"),
        pytest.param([{"PSCA": "x"}], "line 2, column PSCA: 'x' is not decimal odds", id="no price"),
        pytest.param([{"AwayTeam": "a,b,c,d"}], "cells, where the header has", id="too many cells"),
    ],
)
def test_one_fault_refuses_the_file(csv: Csv, rows: list[dict[str, str]], told: str) -> None:
    with pytest.raises(FootballDataError) as raised:
        read_football_data("E0.csv", csv(*rows))
    assert str(raised.value).startswith("E0.csv, line ")
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        pytest.param(b"", "line 1: no column Div, Date", id="an empty file"),
        pytest.param(b"a;b;c\n1;2;3\n", "a file of football-data.co.uk has Div", id="something else"),
        pytest.param(HEADER.encode(), "lists no match", id="a header alone"),
        pytest.param(b"Div,Date,HomeTeam,AwayTeam,FTHG,FTAG\n", "no column holds", id="results without prices"),
        pytest.param(HEADER.encode() + b'\nE0,"17/08', "line 2: not CSV", id="a quote that does not end"),
    ],
)
def test_what_is_no_such_file_is_told_what_one_is(body: bytes, told: str) -> None:
    with pytest.raises(FootballDataError, match=r"E0\.csv") as raised:
        read_football_data("E0.csv", body)
    assert told in str(raised.value)


@pytest.mark.parametrize("season", ["2021", "2122", "2223", "2324", "2425"])
def test_real_seasons_are_read_whole(shared_data: Path, season: str) -> None:
    path = shared_data / "results" / f"football-data_E0_{season}.csv"
    file = read_football_data(path.name, path.read_bytes())
    assert len(file.matches) == 380
    assert all(match.start_is_given and match.offers[Moment.CLOSE] for match in file.matches)
    assert len({match.home_team for match in file.matches}) == 20
    points = {offer.point for match in file.matches for offer in match.offers[Moment.CLOSE]}
    assert {-0.75, -0.25, 0.25, 2.5} <= points
