"""Bills against what was billed, and what explains the differences."""
