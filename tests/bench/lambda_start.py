"""How long a cold start takes, by Lambda's own runtime client, from the package as Lambda unpacks it."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from tests.bench.figure import Figure
from tests.lambda_runtime.packaged import Packaged
from tests.lambda_runtime.sandbox import Sandbox

_MOST = 1.15
_HANDLERS = {
    "collector": "handlers.functions.fetch_odds",
    "secrets": "with_secrets.handler",
    "fixed": "fixed_packages.handler",
    "bare": "bare.handler",
}
_FUNCTIONS = Path(__file__).parent / "functions"


async def start_figures(packaged: Packaged, folder: Path, *, rounds: int) -> list[Figure]:
    """Return the time from a process's start until it asks for its first event, beside that of plain functions."""
    taken: dict[str, list[float]] = {name: [] for name in _HANDLERS}
    names = [*_HANDLERS]
    for number in range(rounds + 1):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            seconds = await _initialised(packaged, _HANDLERS[name], folder)
            if number:
                taken[name].append(seconds)
    ours, besides, fixed, bare = (median(taken[name]) * 1000 for name in _HANDLERS)
    version = await asyncio.to_thread(packaged.version)
    method = (
        f"{rounds} starts each in changing order, medians, by awslambdaric and {version} from the unpacked zip "
        "with its byte code; beside it a function that imports the fixed packages (sqlmodel with an async engine, "
        "asyncpg, aiohttp, tenacity, structlog, pydantic-settings) and makes a boto3 client, and a bare one that "
        "imports asyncpg, aiohttp and boto3 and makes the client; the collector's client that reads secrets is "
        "made by its first run"
    )
    return [
        Figure(
            "cold start of the collector",
            f"{ours / fixed:.2f} x ({ours:.0f} against {fixed:.0f} ms; bare {bare:.0f} ms; with the client that "
            f"reads secrets {besides:.0f} ms, {besides / fixed:.2f} x)",
            f"≤ {_MOST:g} x",
            ours / fixed <= _MOST,
            method,
        )
    ]


async def _initialised(packaged: Packaged, handler: str, folder: Path) -> float:
    sandbox = Sandbox(
        [*packaged.arguments, "-m", "awslambdaric", handler],
        _environment(packaged, folder),
        folder,
        python=packaged.python,
    )
    await sandbox.start()
    try:
        return await sandbox.initialised()
    finally:
        await sandbox.stop()


def _environment(packaged: Packaged, folder: Path) -> Mapping[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "PYTHONPATH": f"{packaged.python_path}:{_FUNCTIONS}",
        "LAMBDA_TASK_ROOT": str(packaged.task),
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
