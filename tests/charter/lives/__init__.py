"""Whole lives of organisations, lived by the real use cases on a real database."""
