"""The jobs of the worker. Each is a few lines: what it asks for, and what it logs."""
