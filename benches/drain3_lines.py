"""Mines the lines of a file with Drain3 as it comes and prints the seconds that the mining alone took."""
import sys
import time

from drain3 import TemplateMiner

lines = open(sys.argv[1], encoding="utf-8", errors="replace").read().splitlines()
miner = TemplateMiner()
begun = time.perf_counter()
for line in lines:
    miner.add_log_message(line)
print(time.perf_counter() - begun)
