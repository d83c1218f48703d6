"""What one request to the feed asks for, and so what its answer can prove absent."""

from dataclasses import dataclass

from core.feed.markets import asked_market


@dataclass(frozen=True, slots=True)
class Scope:
    """The markets and the bookmakers (by key, or by region) that a request asks for.

    Each tuple is sorted and free of repeats, so equal requests are equal scopes.
    `bookmakers` wins over `regions`, as it does at the feed; one of them is empty.
    """

    markets: tuple[str, ...]
    bookmakers: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        markets: list[str] | tuple[str, ...],
        *,
        bookmakers: list[str] | tuple[str, ...] = (),
        regions: list[str] | tuple[str, ...] = (),
    ) -> "Scope":
        """Return the scope of a request, in its canonical form.

        Raises:
            ValueError: No market, or neither bookmakers nor regions.
        """
        if not markets:
            msg = "a scope needs at least one market"
            raise ValueError(msg)
        if not bookmakers and not regions:
            msg = "a scope needs bookmakers or regions"
            raise ValueError(msg)
        return cls(
            markets=tuple(sorted(set(markets))),
            bookmakers=tuple(sorted(set(bookmakers))),
            regions=() if bookmakers else tuple(sorted(set(regions))),
        )

    @property
    def region_count(self) -> int:
        """Return how many regions the feed bills: ten bookmakers count as one region."""
        return -(-len(self.bookmakers) // 10) if self.bookmakers else len(self.regions)

    def asks_market(self, market_key: str) -> bool:
        """Tell whether an answer would bring the market; lay markets ride along with their own."""
        return asked_market(market_key) in self.markets

    def covers(self, other: "Scope") -> bool:
        """Tell whether this asks for all that the other does, in the same way: by bookmakers or by regions."""
        return (
            set(other.markets) <= set(self.markets)
            and set(other.bookmakers) <= set(self.bookmakers)
            and set(other.regions) <= set(self.regions)
        )
