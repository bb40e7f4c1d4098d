"""Demo data and the large benchmark data."""
