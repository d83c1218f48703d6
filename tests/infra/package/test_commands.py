from infra.package.commands import ran


def test_a_command_tells_how_it_ended_and_what_it_wrote() -> None:
    ended = ran(
        "sh", "-c", "echo out; echo $WORD >&2; exit 3", environment={"PATH": "/bin:/usr/bin", "WORD": "err"}
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, "out\n", "err\n")


def test_a_command_that_is_not_there_has_failed() -> None:
    ended = ran("/nowhere/at-all")
    assert ended.returncode == 127
    assert "/nowhere/at-all" in ended.stderr
