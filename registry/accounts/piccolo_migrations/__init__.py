"""How the tables of accounts came to be, one numbered step after another; no step is rewritten."""
