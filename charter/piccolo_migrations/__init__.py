"""How the tables of charter came to be, one numbered step after another; no step is rewritten."""
