"""Exact P(|theta_N| < |theta_0|) of theta' = theta (mu + tau xi), to 15 digits; prints rows eta, h, sigma, N, law, p.

Gaussian xi: ln|theta_N / theta_0| is a sum of N independent ln|N(mu, tau^2)|, whose characteristic function is
E|A|^(it) = tau^(it) 2^(it/2) Gamma((1 + it)/2) / sqrt(pi) 1F1(-it/2; 1/2; -mu^2 / (2 tau^2)); the distribution at 0
by the
inversion of Gil-Pelaez (1951), at two resolutions. Rademacher xi: a binomial sum of rationals. Needs mpmath.
"""
from fractions import Fraction
from math import comb, log
import mpmath as mp

mp.mp.dps = 30


def gaussian(mu, tau, N):
    mu, tau = mp.mpf(mu), mp.mpf(tau)
    def power(t):
        s = mp.mpc(0, t)
        return (tau**s * 2**(s / 2) * mp.gamma((1 + s) / 2) / mp.sqrt(mp.pi)
                * mp.hyp1f1(-s / 2, mp.mpf(1) / 2, -mu**2 / (2 * tau**2)))**N
    def below(step, end):
        points = [mp.mpf(k) * step for k in range(int(end / step) + 1)]
        return mp.mpf(1) / 2 - mp.quad(lambda t: mp.im(power(t)) / t, points) / mp.pi
    coarse, fine = below(mp.mpf('0.5'), 12), below(mp.mpf('0.3'), 15)
    assert abs(coarse - fine) < mp.mpf('1e-15'), (coarse, fine)
    return float(fine)


def rademacher(mu, tau, N):
    up, down = log(abs(mu) + tau), log(abs(abs(mu) - tau))
    return float(sum(Fraction(comb(N, k), 2**N) for k in range(N + 1) if k * up + (N - k) * down < -1e-9))


for eta, h, threshold, sides in ((0.1, 1.0, 16.336213078438240024, 13.453624047073710317), (0.5, 1.0,
    3.6363783586162799623, 2.2360679774997896964)):
    for factor in (0.75, 1.0, 1.25):
        for law, star, exact in (('gaussian', threshold, gaussian), ('rademacher', sides, rademacher)):
            sigma, N = factor * star, 25
            print(law, eta, h, repr(sigma), N, repr(exact(1 - eta * h, eta * sigma, N)))
