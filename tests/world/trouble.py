"""All deaths one by one, and sequences of trouble chosen by hypothesis: what broke where."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

from handlers.registry import JOBS
from storage.embedded import EmbeddedPostgres
from tests.world.beats import broken_by_a_death, steps_of_a_beat
from tests.world.databases import Fresh
from tests.world.findings import Findings
from tests.world.machine import TroubledWorld
from tests.world.sweeps import crash, steps_of

STEPS = 15
"""How much trouble a sequence has at most."""


async def deaths_of_runs(fresh: Fresh) -> Findings:
    """Let a run of each job die at every one of its steps, and judge the promises after each."""
    found = Findings()
    for job in JOBS:
        async with fresh() as database:
            steps = await steps_of(job, database)
        for step in steps:
            async with fresh() as database:
                made = await crash(job, step, database)
            broken = "; ".join(f"{name}: {what}" for name, told in made.broken.items() for what in told)
            found.judge(not broken, f"{job} died at {made.step}: {broken}")
    return found


async def deaths_of_heartbeats(fresh: Fresh) -> Findings:
    """Let a heartbeat that mends the whole chain die at every one of its steps, and judge what follows."""
    found = Findings()
    async with fresh() as database:
        steps = await steps_of_a_beat(database)
    for step in steps:
        async with fresh() as database:
            broken = "; ".join(await broken_by_a_death(step, database))
        found.judge(not broken, f"the heartbeat died at {broken}")
    return found


def sequences_of_trouble(server: EmbeddedPostgres, template: str, seed: int, sequences: int) -> Findings:
    """Let trouble come in so many orders that follow from the seed, until one breaks a promise."""
    found, begun = Findings(), 0

    @seeded(seed)
    class Counted(TroubledWorld):
        def __init__(self) -> None:
            nonlocal begun
            begun += 1
            super().__init__(server, template)

    broken = ""
    try:
        run_state_machine_as_test(Counted, settings=bounded(sequences))
    except AssertionError as error:
        broken = str(error)
    for number in range(1, begun + 1):
        found.judge(number < begun or not broken, broken)
    return found


def bounded(sequences: int, *, same: bool = False) -> settings:
    """Return the settings of so many sequences, always the `same` ones; one that fails is told as it was found."""
    return settings(
        phases=(Phase.generate,),
        max_examples=sequences,
        stateful_step_count=STEPS,
        derandomize=same,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
