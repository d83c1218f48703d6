import typer

app = typer.Typer(name="export")
