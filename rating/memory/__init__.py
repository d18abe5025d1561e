"""Bills rated in memory by the compiled models, to be looked at and thrown away."""
