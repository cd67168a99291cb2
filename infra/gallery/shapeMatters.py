"""Writes docs/gallery/specs/shape-matters.csv: 40 samples of a sparse linear problem in 100 dimensions.

    python3 infra/gallery/shapeMatters.py > docs/gallery/specs/shape-matters.csv

The inputs a1 .. a100 are standard normal, rounded to three decimals. The target y is the sum of the first five, so the
true coefficients are five ones and 95 zeros, without noise.
"""

import numpy as np

inputs = np.round(np.random.default_rng(5).standard_normal((40, 100)), 3)
targets = np.round(inputs[:, :5].sum(1), 3)
print(",".join([f"a{i}" for i in range(1, 101)] + ["y"]))
for row, target in zip(inputs, targets):
    print(",".join(f"{value:g}" for value in [*row, target]))
