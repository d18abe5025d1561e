"""Interval reads: loaded, compared, reported on."""
