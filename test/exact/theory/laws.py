"""Laws of rates and of factors by their textbook formulas, in mpmath."""
import mpmath as mp
import sympy as sp

mp.mp.dps = 30
X = sp.symbols('x')
# -zeta(1/2)/sqrt(2 pi): Chernoff, Siegmund.
overshoot = -mp.zeta(mp.mpf(1) / 2) / mp.sqrt(2 * mp.pi)
phi = mp.ncdf


def eyring_kramers(eta, T, minimum, saddle, barrier, crossing):
    """`minimum`, `saddle`: the eigenvalues of the Hessians; eta |l| / 2 pi sqrt(det / |det|) exp(-dL/T) a transit."""
    squared = -min(saddle) * mp.fprod(minimum) / mp.fprod([h for h in saddle if h > 0])
    return eta / (2 * mp.pi) * mp.sqrt(squared) * mp.exp(-mp.mpf(barrier) / T) * (2 if crossing else 1)


def discrete_kramers(eta, T, minimum, saddle, barrier, crossing):
    eta = mp.mpf(eta)
    stable = lambda h: 1 / (1 - (1 - eta * h) ** 2)
    down = -eta * min(saddle)
    spread = (1 + down) ** 2 - 1
    squared = mp.fprod([stable(h) for h in saddle if h > 0]) / mp.fprod([stable(h) for h in minimum]) / spread
    lift = mp.exp(eta * (mp.fsum(minimum) - mp.fsum(saddle)) / 2 - mp.mpf(barrier) / T)
    rate = mp.sqrt(squared) / (2 * mp.pi) * mp.log1p(down) * lift
    return rate / phi(overshoot * mp.sqrt(spread)) if crossing else rate


def discrete_barrier(loss, eta, low, saddle):
    """dL + eta^2/12 int L'^2 L''' dx to the saddle: the least sum (theta' - theta + eta L')^2 / (4 eta)."""
    slope, third = sp.diff(loss, X), sp.diff(loss, X, 3)
    f = sp.lambdify(X, slope**2 * third, 'mpmath')
    return loss.subs(X, saddle) - loss.subs(X, low) + mp.mpf(eta) ** 2 / 12 * mp.quad(f, [low, saddle])


def moment(density, mean, spread, power, cuts):
    """E |mean + spread xi|^power; power 'log' for E log |..|."""
    zero = -mp.mpf(mean) / spread
    f = (lambda x: mp.log(abs(mean + spread * x))) if power == 'log' else (lambda x: abs(mean + spread * x) ** power)
    points = sorted([*cuts, zero] if cuts[0] < zero < cuts[-1] else cuts)
    return mp.quad(lambda x: density(x) * f(x), points)


def normal(x):
    return mp.npdf(x)


normal_cuts = [-14, -6, -2, 0, 2, 6, 14]


def root(f, low, high):
    return mp.findroot(f, (low, high), solver='anderson', tol=1e-24)


def kesten(z, sigma):
    """A = 1 - z (1 + sigma xi), xi normal."""
    log = lambda s: moment(normal, 1 - z, z * s, 'log', normal_cuts)
    alpha = root(lambda a: moment(normal, 1 - z, z * sigma, a, normal_cuts) - 1, 0.5, 12)
    return {
        'expectedLog': log(sigma),
        'meanSquare': (1 - mp.mpf(z)) ** 2 + (mp.mpf(z) * sigma) ** 2,
        'thresholdSigma': root(log, 2, 30 / z),
        'meanSquareSigma': mp.sqrt(1 - (1 - mp.mpf(z)) ** 2) / z,
        'tailExponent': alpha,
    }
