from core.simulation.books import BOOKMAKERS, STALE_AFTER
from core.simulation.catalogue import BOOKMAKERS as KNOWN

SHARP, *RETAIL = BOOKMAKERS


def test_there_are_eight_that_the_feed_knows() -> None:
    assert len({book.key for book in BOOKMAKERS}) == 8
    assert {book.key for book in BOOKMAKERS} <= KNOWN


def test_the_sharp_one_is_cheapest_quickest_and_first() -> None:
    assert SHARP.key == "pinnacle"
    assert all(SHARP.overround < book.overround for book in RETAIL)
    assert all(SHARP.lag < book.lag for book in RETAIL)
    assert all(SHARP.opens < book.opens for book in RETAIL)


def test_each_refreshes_before_it_counts_as_stale() -> None:
    assert all(0 < book.refresh < STALE_AFTER for book in BOOKMAKERS)
