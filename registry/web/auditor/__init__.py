"""The room of community auditors: cases offered and accepted, verdicts, pay, and rest."""
