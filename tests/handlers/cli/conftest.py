"""The command `odds` as a user runs it: against a database and a local feed, its output caught."""

import asyncio
import json
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.clock import SystemClock
from core.simulation.server import FeedServer, serve
from handlers.cli import main

KEY = "sentinel-0123456789abcdef"
BOOKS = ("B365", "WH", "PS", "B365C", "WHC", "PSC")


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it wrote."""

    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return the report."""
        return json.loads(self.out)


@pytest.fixture
def odds(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Any) -> Callable[..., Ran]:
    """Return what runs the command, 80 columns wide, in a folder without `.env`."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr("sys.argv", ["odds", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main.main()
        written = capsys.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else int(code is not None), written.out, written.err)

    return run


@pytest.fixture
def own_database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let DATABASE_URL name a fresh database with the schema, and return it."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    return database_url


@pytest.fixture
def server(feed: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FeedServer]:
    """Serve the small feed on loopback, as the settings name it; one credit buys a look."""
    ready, loop = threading.Event(), asyncio.new_event_loop()
    found: list[FeedServer] = []

    async def listen() -> None:
        async with serve(feed, SystemClock(), api_key=KEY, plan_credits=500, rate_limit=None) as served:
            found.append(served)
            ready.set()
            await stop.wait()

    stop = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(listen(),))
    thread.start()
    ready.wait(10)
    monkeypatch.setenv("ODDS_API_KEY", KEY)
    monkeypatch.setenv("ODDS_API_BASE_URL", found[0].base_url)
    monkeypatch.setenv("SPORTS", feed.sport_key)
    monkeypatch.setenv("MARKETS", "h2h")
    monkeypatch.setenv("BOOKMAKERS", "draftkings,fanduel")
    yield found[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


@pytest.fixture
def games(feed: Any) -> Any:
    """Let the small feed list three games: one that has begun, one in two hours, one in two days."""
    now = datetime.now(UTC).replace(microsecond=0)
    for hours in (-1, 2, 48):
        feed.add(now + timedelta(hours=hours))
    return feed


@pytest.fixture
def loop_free() -> Callable[..., Any]:
    """Return what runs a command from within a running loop: in a thread, where it may run a loop of its own."""
    return asyncio.to_thread


@pytest.fixture
def season(odds: Callable[..., Ran], own_database: str, tmp_path: Any) -> None:
    """Import 40 matches of a league, priced by three bookmakers the day before and at the close."""
    dice = random.Random(5)
    lines = ["Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG," + ",".join(f"{b}{s}" for b in BOOKS for s in "HDA")]
    for number in range(40):
        day = datetime(2024, 8, 17, tzinfo=UTC) + timedelta(days=7 * (number // 4))
        fair = dice.uniform(0.3, 0.6)
        shares = (fair, 0.25, 0.75 - fair)
        prices = [round(dice.uniform(0.93, 1.0) / share, 2) for _ in BOOKS for share in shares]
        goals = dice.choices(((1, 0), (1, 1), (0, 2)), shares)[0]
        teams = f"Home{number % 4},Away{number}"
        lines.append(f"E0,{day:%d/%m/%Y},15:00,{teams},{goals[0]},{goals[1]}," + ",".join(map(str, prices)))
    (tmp_path / "E0.csv").write_text("\n".join(lines))
    assert odds("import", "football-data", "E0.csv").exit_code == 0
