"""One bill without a portfolio."""
