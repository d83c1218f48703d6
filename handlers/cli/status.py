import typer

app = typer.Typer(name="status")
