"""Bounds of Theorems 1 to 3 by the formulas of docs/appendix/proofs.md, in NumPy and SciPy."""
from math import exp, expm1, inf, log, log1p, pi, sqrt

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import ndtr

from chains import complement, gauss, tails


def exponential(rho, scale, d, r, start, steps):
    """exp(-l r^2) (exp(l D_0^2) + sum c_n), the least over l."""
    kinds = {(rho(n), scale(n)) for n in range(steps)}
    count = {kind: sum((rho(n), scale(n)) == kind for n in range(steps)) for kind in kinds}

    def bound(l):
        total = exp(l * start**2 - l * r**2)
        for (p, s), times in count.items():
            g = 1 - 2 * l * s * s
            if g <= 0:
                return inf
            total += times * rise(-d / 2 * log(g), p * p / g, l * r * r)
        return total

    top = min((1 - p * p) / (2 * s * s) for p, s in kinds)
    grid = min(np.linspace(top / 400, top * 0.9999, 400), key=bound)
    return minimize_scalar(bound, bounds=(grid - top / 300, min(grid + top / 300, top)), method='bounded').fun


def rise(log_a, kappa, ceiling):
    """max over 0 <= u <= ceiling of exp(log_a + kappa u) - exp(u), over exp(ceiling)."""
    u = ceiling
    if kappa < 1:
        u = min(max((log_a + log(kappa)) / (1 - kappa), 0), ceiling)
    more = log_a - (1 - kappa) * u
    return exp(u - ceiling) * expm1(more) if more < 700 else inf


def doob(variance, r, start, steps):
    """`variance` of the length of a step's noise, summed over the coordinates, as a function of n."""
    return (start**2 + sum(variance(n) for n in range(steps))) / r**2


def staying(rho, scale, d, r, start, steps):
    found = tails(rho, scale, d, r, start, steps)
    return {'stay': 1 - complement(found), 'escape': complement(found), 'union': float(found.sum())}


def safe(rho, s, d, r, start, delta):
    n, left, mean, variance = 0, -log1p(-delta), start, 0.0
    from chains import tail
    while True:
        mean, variance = mean * rho, variance * rho**2 + s * s
        left += log1p(-tail(r, d, mean, variance))
        if left < 0:
            return n
        n += 1


def closed_form(loss, slope, eta, s, inside, start, steps, beta_t):
    """Theorem 2 with W = min(1, exp(beta (L_eff - c))) on the interval `inside`."""
    effective = lambda x: loss(x) - eta / 4 * slope(x) ** 2
    level = min(effective(edge) for edge in inside if np.isfinite(edge))
    beta = beta_t / (s * s / (2 * eta))
    low, high = max(inside[0], -6), min(inside[1], 6)
    fine = np.linspace(low, high, 40001)
    w = np.minimum(1, np.exp(np.minimum(0, beta * (effective(fine) - level))))
    mass = w * np.gradient(fine)
    mass[[0, -1]] /= 2
    mean = lambda m: gauss((fine - m) / s) @ mass / s + ndtr((m - high) / s) + ndtr((low - m) / s)
    at = np.linspace(low, high, 1201)[1:-1]
    values = np.minimum(1, np.exp(np.minimum(0, beta * (effective(at) - level))))
    nexts = np.array([mean(x - eta * slope(x)) for x in at])
    first = mean(start - eta * slope(start))
    found = []
    for top in (1, 1.001, 1.02, 1.2):
        growth = max(0, float(np.max((nexts - values) / (top - values + 1e-300))))
        if growth < 1:
            found.append((first - (top - first) * expm1((steps - 1) * log1p(-growth)), growth))
    escape, growth = min(found)
    return {'beta': beta, 'betaT': beta_t, 'level': level, 'growth': growth, 'escape': float(escape)}


def best_closed_form(**question):
    found = minimize_scalar(lambda b: closed_form(**question, beta_t=b)['escape'], bounds=(0.3, 1.2), method='bounded',
                            options={'xatol': 1e-4})
    return closed_form(**question, beta_t=found.x)


class HeavyBall:
    """Theorem 3 (vi) and (viii) for z = (x, v); `noise` is Z, `moments` the second moments of a step's noise."""

    def __init__(self, eta, beta, mu, lam, d, r, start, steps, noise, moments):
        self.d, self.r, self.start, self.steps = d, r, start, steps
        self.noise, self.moments = np.array(noise), np.array(moments)
        self.moves = [np.array([[1 - eta * h, beta], [-eta * h, beta]]) for h in (mu, lam)]

    def kappa(self, p, k):
        """The largest eigenvalue of A P A^T against K, by the quadratic equation."""
        found = 0
        for a in self.moves:
            m = a @ p @ a.T
            det = k[0, 0] * k[1, 1] - k[0, 1] ** 2
            trace = (m[0, 0] * k[1, 1] + m[1, 1] * k[0, 0] - 2 * m[0, 1] * k[0, 1]) / det
            product = (m[0, 0] * m[1, 1] - m[0, 1] ** 2) / det
            found = max(found, (trace + sqrt(max(0, trace**2 - 4 * product))) / 2)
        return found

    def log_exponential(self, at):
        if max(abs(at)) > 40:
            return 1e9
        p = self.matrix(at)
        k = p - 2 * self.noise
        det_p, det_k = p[0, 0] * p[1, 1] - p[0, 1] ** 2, k[0, 0] * k[1, 1] - k[0, 1] ** 2
        if k[0, 0] <= 0 or det_k <= 0:
            return 1e9
        to = self.r**2 / p[0, 0]
        if to > 600:
            return 1e9
        more = self.steps * rise(self.d / 2 * log(det_p / det_k), self.kappa(p, k), to)
        return float(np.logaddexp(p[1, 1] / det_p * self.start**2 - to, log(more))) if 0 < more < inf else 1e9

    def doob(self, at):
        if max(abs(at)) > 40:
            return 1e9
        p = self.matrix([0, *at])
        if self.kappa(p, p) > 1:
            return 1e9
        q = np.linalg.inv(p)
        return (q[0, 0] * self.start**2 + self.steps * float((q * self.moments).sum())) * p[0, 0] / self.r**2

    @staticmethod
    def matrix(at):
        p, u, w = exp(at[0]), at[1], exp(at[2])
        return p * np.array([[1, u], [u, u * u + w]])

    def best(self, f, starts):
        end = min(starts, key=lambda at: f(np.array(at)))
        for _ in range(3):
            end = minimize(f, end, method='Nelder-Mead', options={'xatol': 1e-7, 'fatol': 1e-9, 'maxiter': 1500}).x
        return f(end)

    def bounds(self):
        shapes = [(u, w) for u in np.linspace(-0.6, 0.6, 9) for w in np.linspace(-5, 3, 9)]
        level = log(self.noise[0, 0])
        starts = [(level + up, *shape) for up in np.linspace(0.5, 5, 10) for shape in shapes]
        sharp = self.best(self.log_exponential, starts)
        return min(1, exp(sharp)), self.best(self.doob, shapes)

    def norm(self, a, b):
        """What is printed of the norm [[a, b], [b, 1]]: rho, the proxy length s_Q and the radius R."""
        q = np.array([[a, b], [b, 1]])
        p = np.linalg.inv(q)
        return sqrt(self.kappa(p, p)), sqrt(float((q * self.noise).sum())), self.r / sqrt(p[0, 0])


def proxy(variance, largest, around):
    """w without the size of the batch: Hoeffding, or Bennett with Kearns and Saul."""
    saul = (largest**4 - variance**2) / (2 * largest**2 * log(largest**2 / variance))
    return min(around**2, saul)
