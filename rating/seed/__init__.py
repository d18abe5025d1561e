"""Seed files: their format, their checks, and their rows in the tariff tables."""
