"""How the tables of badges came to be, one numbered step after another; no step is rewritten."""
