"""What worked and what did not, kept so that others can learn from it (rule 28)."""
