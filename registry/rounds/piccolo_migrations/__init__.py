"""How the tables of rounds came to be, one numbered step after another; no step is rewritten."""
