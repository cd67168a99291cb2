"""Clopper-Pearson intervals of many cells."""

import math

import numpy as np
from numba import njit

try:
    from scipy.stats import beta
except ImportError:
    beta = None


def clopper_pearson(escapes, trials, confidence=0.95):
    """The limits of the probability of each cell, from its number of escapes; by SciPy where it is installed."""
    tail = (1.0 - confidence) / 2.0
    if beta is None:
        return _by_bisection(escapes, trials, tail)
    low = np.where(escapes == 0, 0.0, beta.ppf(tail, escapes, trials - escapes + 1))
    high = np.where(escapes == trials, 1.0, beta.ppf(1.0 - tail, escapes + 1, trials - escapes))
    return low, high


@njit(cache=True)
def _incomplete_beta(p, a, b):
    """I_p(a, b) of whole a and b: the probability of at least a among a + b - 1 trials."""
    n = a + b - 1
    total = 0.0
    for k in range(a, n + 1):
        ways = math.lgamma(n + 1.0) - math.lgamma(k + 1.0) - math.lgamma(n - k + 1.0)
        total += math.exp(ways + k * math.log(p) + (n - k) * math.log1p(-p))
    return total


@njit(cache=True)
def _quantile(share, a, b):
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2.0
        if _incomplete_beta(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


@njit(cache=True)
def _by_bisection(escapes, trials, tail):
    low = np.zeros(len(escapes))
    high = np.ones(len(escapes))
    for i in range(len(escapes)):
        k = escapes[i]
        if k > 0:
            low[i] = _quantile(tail, k, trials - k + 1)
        if k < trials:
            high[i] = _quantile(1.0 - tail, k + 1, trials - k)
    return low, high
