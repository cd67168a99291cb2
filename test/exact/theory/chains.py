"""Chains of one number and of a radius by Gauss-Legendre quadrature and dense linear algebra; positive sums."""
from functools import lru_cache
from math import exp, log1p, pi, sqrt

import numpy as np
import scipy.linalg as la
from numpy.polynomial.legendre import leggauss
from scipy.special import ndtr
from scipy.stats import ncx2


def gauss(x):
    return np.exp(-x * x / 2) / sqrt(2 * pi)


def nodes(pieces, width):
    """Gauss-Legendre nodes and weights on the pieces, in panels of at most this width."""
    base, weights = leggauss(16)
    x, w = [], []
    for low, high in pieces:
        cuts = np.linspace(low, high, max(2, int((high - low) / width) + 2))
        for a, b in zip(cuts[:-1], cuts[1:]):
            x.append((a + b) / 2 + (b - a) / 2 * base)
            w.append((b - a) / 2 * weights)
    return np.concatenate(x), np.concatenate(w)


class Line:
    """theta' = mean(theta) + s xi, xi standard normal, while theta is in one of the open pieces."""

    def __init__(self, mean, s, pieces, ends):
        """`ends`: name -> list of intervals in which a trial has ended by this name."""
        self.s, self.ends = s, ends
        self.x, self.w = nodes(pieces, 0.7 * s)
        m = mean(self.x)
        self.mean = mean
        self.step = gauss((self.x[None, :] - m[:, None]) / s) / s * self.w[None, :]
        self.end = {name: self.into(m, where) for name, where in ends.items()}

    def into(self, m, where):
        total = 0
        for a, b in where:
            low, high = (a - m) / self.s, (b - m) / self.s
            total = total + np.where(low > 0, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))
        return total

    def first(self, start):
        m = np.atleast_1d(self.mean(np.float64(start)))
        mass = gauss((self.x - m) / self.s) / self.s * self.w
        return mass, {name: float(self.into(m, where)[0]) for name, where in self.ends.items()}

    def within(self, start, steps):
        """Probability of each end within the steps, and of none."""
        mass, sums = self.first(start)
        for _ in range(steps - 1):
            for name, p in self.end.items():
                sums[name] += float(mass @ p)
            mass = mass @ self.step
        return sums, float(mass.sum())

    def solver(self):
        a = -self.step.copy()
        out = sum(self.end.values())
        np.fill_diagonal(a, out + self.step.sum(1) - np.diag(self.step))
        return la.lu_factor(a)

    def ever(self, start):
        """Probability of each end without a horizon, the mean step of the end, and the quasi-stationary rate."""
        lu = self.solver()
        mass, sums = self.first(start)
        for name, p in self.end.items():
            sums[name] += float(mass @ la.lu_solve(lu, p))
        mean = 1 + float(mass @ la.lu_solve(lu, np.ones_like(self.x)))
        q = mass / mass.sum()
        for _ in range(400):
            q = la.lu_solve(lu, q, trans=1)
            q /= q.sum()
        return sums, mean, float(q @ sum(self.end.values()))


def scheduled(mean, scale, low, high, start, steps):
    """Exit of theta' = mean(n, theta) + scale(n) xi from (low, high) within the steps."""
    x, w = nodes([(low, high)], (high - low) / 24)
    out = lambda m, s: ndtr((m - high) / s) + ndtr((low - m) / s)
    m = np.atleast_1d(mean(0, np.float64(start)))
    mass, total = gauss((x - m) / scale(0)) / scale(0) * w, float(out(m, scale(0))[0])
    for n in range(1, steps):
        m, s = mean(n, x), scale(n)
        total += float(mass @ out(m, s))
        mass = mass @ (gauss((x[None, :] - m[:, None]) / s) / s * w[None, :])
    return total


class Radius:
    """R' = |rho R e_1 + s xi| in d dimensions, while R < r."""

    def __init__(self, rho, s, d, r):
        self.rho, self.s, self.d, self.r = rho, s, d, r
        self.x, self.w = nodes([(0, r)], 0.5 * s)
        self.step = np.array([self.density(rho * at) for at in self.x]) * self.w
        self.out = np.array([self.tail(rho * at) for at in self.x])

    def density(self, m):
        return ncx2.pdf((self.x / self.s) ** 2, self.d, (m / self.s) ** 2) * 2 * self.x / self.s**2

    def tail(self, m):
        return ncx2.sf((self.r / self.s) ** 2, self.d, (m / self.s) ** 2)

    def exit(self, start, steps):
        mass, total = self.density(self.rho * start) * self.w, self.tail(self.rho * start)
        for _ in range(steps - 1):
            total += mass @ self.out
            mass = mass @ self.step
        return float(total)

    def ever(self, start):
        a = np.eye(len(self.x)) - self.step
        lu = la.lu_factor(a)
        mass = self.density(self.rho * start) * self.w
        q = mass / mass.sum()
        for _ in range(200):
            q = la.lu_solve(lu, q, trans=1)
            q /= q.sum()
        return 1 + float(mass @ la.lu_solve(lu, np.ones_like(self.x))), float(q @ self.out)


def tail(r, d, mean, variance):
    """P(|X| >= r) of X normal with a mean of this length and this variance in each of d coordinates."""
    if variance == 0:
        return 0.0 if mean < r else 1.0
    if d == 1:
        s = sqrt(variance)
        return float(ndtr(-(r - mean) / s) + ndtr(-(r + mean) / s))
    return float(ncx2.sf(r * r / variance, d, mean * mean / variance))


def tails(rho, scale, d, r, start, steps):
    """P(R_n >= r) for n = 1 .. steps where nothing stops at the edge; rho and scale are functions of n."""
    mean, variance, found = start, 0.0, []
    for n in range(steps):
        mean, variance = mean * rho(n), variance * rho(n) ** 2 + scale(n) ** 2
        found.append(tail(r, d, mean, variance))
    return np.array(found)


def complement(factors):
    """1 - prod (1 - factor), without subtraction."""
    return float(-np.expm1(np.log1p(-np.asarray(factors)).sum()))
