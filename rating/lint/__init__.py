"""The tariffs' own health, by rules."""
