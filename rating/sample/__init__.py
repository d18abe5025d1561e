"""A sample portfolio of invented customers."""
