"""The tariffs: their own health by rules, and how far they are transcribed."""
