"""How fast it is: measured, never tested. `python -m bench` prints a table and writes bench/results/latest.json."""
