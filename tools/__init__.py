"""What makes, checks and shows the series; `run.py` calls it."""
