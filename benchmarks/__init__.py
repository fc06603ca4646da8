"""Speed and memory as ratios against named peers: `python -m benchmarks` prints every table."""
