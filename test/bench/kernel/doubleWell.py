"""The double-well chain of the benchmark in NumPy: all trials side by side, ended ones dropped from time to time.

python3 doubleWell.py TRIALS STEPS ETA SIGMA SEED  ->  one JSON line: steps, escaped, seconds
"""

import json
import sys
import time

import numpy

trials, horizon = int(sys.argv[1]), int(sys.argv[2])
eta, sigma, seed = float(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
stream = numpy.random.Generator(numpy.random.SFC64(seed))
begin = time.perf_counter()
x = numpy.full(trials, -1.0)
steps = escaped = 0
for _ in range(horizon):
    x -= eta * (x * x * x - x + sigma * stream.standard_normal(x.size))
    steps += x.size
    gone = x >= 0
    count = int(gone.sum())
    if count:
        escaped += count
        x = x[~gone]
print(json.dumps({"steps": steps, "escaped": escaped, "seconds": time.perf_counter() - begin}))
