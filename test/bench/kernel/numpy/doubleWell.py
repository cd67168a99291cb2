"""The double-well chain of the benchmark in NumPy: 1,000 trials side by side, ended ones dropped, no temporaries.

python3 doubleWell.py TRIALS STEPS ETA SIGMA SEED  ->  one JSON line: steps, escaped, seconds
"""

import json
import sys
import time

import numpy

trials, horizon = int(sys.argv[1]), int(sys.argv[2])
eta, sigma, seed = float(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
stream = numpy.random.Generator(numpy.random.SFC64(seed))
begin = time.process_time()
steps = escaped = 0
for first in range(0, trials, 1000):
    x = numpy.full(min(1000, trials - first), -1.0)
    xi, g = numpy.empty_like(x), numpy.empty_like(x)
    for _ in range(horizon):
        stream.standard_normal(out=xi)
        # x -= eta (x^3 - x + sigma xi)
        numpy.multiply(x, x, out=g)
        g -= 1
        g *= x
        xi *= sigma
        g += xi
        g *= eta
        x -= g
        steps += x.size
        if x.max() >= 0:
            x = x[x < 0]
            escaped += xi.size - x.size
            xi, g = xi[: x.size], g[: x.size]
            if x.size == 0:
                break
print(json.dumps({"steps": steps, "escaped": escaped, "seconds": time.process_time() - begin}))
