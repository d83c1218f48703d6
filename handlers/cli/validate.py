import typer

app = typer.Typer(name="validate")
