"""Journeys of people through the real application, in a real browser."""
