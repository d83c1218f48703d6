from core.simulation.dice import dice


def test_other_parts_give_other_sequences() -> None:
    assert len({dice(*parts).random() for parts in ((1, "a"), (2, "a"), (1, "b"), ("1a",))}) == 4


def test_the_sequence_is_the_same_on_every_machine() -> None:
    assert dice("lines", 7).random() == 0.8096350046618808
