"""OpenEI rates, in and out."""
