"""Lets `python -m registry.cli` stand for the installed command."""

from registry.cli import main

main(prog_name="registry")
