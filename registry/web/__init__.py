"""The face of the registry: pages, forms, and their JSON twins.

What is decided here: who may ask for which address (`authorisation.toml`), what counts as
readable input (`text.py`, `forms.py`), and how a refusal is put into words (`problems.py`).
"""
