"""Portfolio folders: read, checked, merged, taken back."""
