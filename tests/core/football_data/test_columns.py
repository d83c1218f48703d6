import pytest

from core.football_data.columns import BOOKMAKERS, Moment, Side, price_columns


@pytest.mark.parametrize(
    ("name", "moment", "priced"),
    [
        pytest.param("B365H", Moment.BEFORE, ("bet365", "h2h", Side.HOME), id="a price before the match"),
        pytest.param("B365CH", Moment.CLOSE, ("bet365", "h2h", Side.HOME), id="C marks the close"),
        pytest.param("PSCA", Moment.CLOSE, ("pinnacle", "h2h", Side.AWAY), id="Pinnacle's match odds are PS"),
        pytest.param("PC<2.5", Moment.CLOSE, ("pinnacle", "totals", Side.UNDER), id="its other markets are P"),
        pytest.param("PAHA", Moment.BEFORE, ("pinnacle", "spreads", Side.AWAY), id="an Asian handicap"),
        pytest.param("BFD", Moment.BEFORE, ("betfair_sb_uk", "h2h", Side.DRAW), id="a draw, not Betfred"),
        pytest.param("BFDH", Moment.BEFORE, ("betfred_uk", "h2h", Side.HOME), id="Betfred, not a draw"),
        pytest.param("BFECD", Moment.CLOSE, ("betfair_ex_uk", "h2h", Side.DRAW), id="the exchange at the close"),
    ],
)
def test_a_column_names_bookmaker_market_and_outcome(
    name: str, moment: Moment, priced: tuple[str, str, Side]
) -> None:
    [column] = price_columns([name], moment)
    assert (column.bookmaker.key, column.market_key, column.side) == priced


@pytest.mark.parametrize("name", ["MaxH", "AvgCH", "Max>2.5", "B365AH", "FTHG", "HC"])
@pytest.mark.parametrize("moment", Moment)
def test_what_nobody_offers_is_no_price(name: str, moment: Moment) -> None:
    assert price_columns([name], moment) == []


def test_no_name_stands_for_two_columns() -> None:
    suffixes = ("H", "D", "A", "AHH", "AHA", ">2.5", "<2.5")
    prefixes = {prefix for bookmaker in BOOKMAKERS for prefix in (bookmaker.prefix, bookmaker.other_prefix)}
    header = [f"{prefix}{moment.value}{suffix}" for prefix in prefixes for moment in Moment for suffix in suffixes]
    names = [column.name for moment in Moment for column in price_columns(header, moment)]
    assert len(names) == len(set(names)) == 2 * len(suffixes) * len(BOOKMAKERS)
