"""The page needs nothing but itself, and draws its charts in a real browser without a word on the console."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from analytics.backtesting.report.page import report_page
from tests.analytics.results import draw_bets, make_bet, make_result

pytest.importorskip("plotly", reason="a report needs the extra research")

EVIL = '</script><img src="http://evil.invalid/x.png" onerror="alert(1)">'
RESULT = make_result(draw_bets(300))
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--enable-logging=stderr",
    "--virtual-time-budget=5000",
    "--dump-dom",
)
CHARTS = 4


@pytest.fixture(scope="module")
def browser() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium on the PATH")
    return found


def opened(browser: str, page: str, folder: Path, width: int) -> tuple[str, str]:
    """Return the page as the browser has it once its scripts have run, and what the browser logged."""
    path = folder / "report.html"
    path.write_text(page, encoding="utf-8")
    size, profile = f"--window-size={width},1000", f"--user-data-dir={folder / 'profile'}"
    ran = subprocess.run(
        [browser, *QUIET, size, profile, path.as_uri()], capture_output=True, check=True, text=True, timeout=120
    )
    return ran.stdout, ran.stderr


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 500], ids=["on a desk", "in a narrow window"])
def test_a_browser_draws_every_chart_and_says_nothing(browser: str, tmp_path: Path, width: int) -> None:
    shown, log = opened(browser, report_page(RESULT), tmp_path, width)
    assert "CONSOLE" not in log, log
    assert shown.count('<svg class="main-svg"') >= CHARTS
    drawn = [float(found) for found in re.findall(r'<svg class="main-svg"[^>]* width="([\d.]+)"', shown)]
    assert 0 < max(drawn) <= width


@pytest.mark.slow
def test_a_result_without_a_bet_and_one_with_hostile_names_are_drawn_as_well(browser: str, tmp_path: Path) -> None:
    hostile = make_result((make_bet(home_team=EVIL, rationale=EVIL),), strategy=EVIL, parameters={EVIL: EVIL})
    for result in (make_result(), hostile):
        _, log = opened(browser, report_page(result), tmp_path, 900)
        assert "CONSOLE" not in log, log


def test_the_page_asks_for_nothing_and_may_not() -> None:
    page = report_page(RESULT)
    assert "default-src 'none'" in page
    assert not re.search(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=""", page)


def test_the_library_is_in_it_once_and_the_verdict_comes_before_any_figure() -> None:
    page = report_page(RESULT)
    assert page.count("plotly.js v") == 1
    assert page.index(RESULT.metrics.verdict) < page.index("Return on stakes")


def test_hostile_names_stay_text() -> None:
    assert EVIL not in report_page(
        make_result((make_bet(home_team=EVIL),), strategy=EVIL, parameters={EVIL: EVIL})
    )


def test_without_bets_the_page_has_the_verdict_and_no_empty_figure() -> None:
    page = report_page(make_result())
    assert make_result().metrics.verdict in page
    assert "Return on stakes" not in page
    assert '<div class="chart">' not in page
    assert "What the data allowed" in page
