"""A bill and a monthly factor explained: lines and steps, each with its sheet."""
