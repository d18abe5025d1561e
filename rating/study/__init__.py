"""Rate studies: bills under other schedules, prices and rules, in memory."""
