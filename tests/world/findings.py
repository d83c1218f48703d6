"""The promises that a world can judge, and what was found of one."""

PROMISES = {
    "C1": "the next run is always armed",
    "C2": "a slot pays once for an attempt",
    "C3": "lateness is recorded",
    "C4": "what is due is resumed",
    "C5": "looks and runs are bounded",
    "C6": "a moved game is honoured",
    "C7": "a stale run is skipped",
    "C8": "turns do not overlap",
    "D1": "odd answers are kept",
    "D2": "rows follow from raw answers",
    "D3": "redoing changes nothing",
    "D4": "every row has its origin",
    "D5": "every run ends with a reason",
    "D7": "what was known stays known",
    "D10": "no close is from play",
    "Q1": "spend is booked, in the plan",
    "Q2": "the reserve is left alone",
    "Q3": "no tight loop without credits",
    "closes": "a close is fresh, or has its cause",
}
"""What is judged of every chaotic world, by the name of its guarantee. The others have tests of their own."""


class Findings(list[str]):
    """What breaks a promise, a sentence each; `judged` is how many cases were looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.judged = 0

    def judge(self, holds: bool, otherwise: str) -> None:
        """Count a case, and keep what is to be said of it where the promise does not hold."""
        self.judged += 1
        if not holds:
            self.append(otherwise)

    def include(self, other: "Findings") -> "Findings":
        """Add what was judged elsewhere of the same promise."""
        self.judged += other.judged
        self.extend(other)
        return self
