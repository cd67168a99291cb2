"""What `driftfarm oracle` prints: the chain, exact answers, and the laws beside them."""
from fractions import Fraction
from math import inf, log, sqrt

import mpmath as mp
import numpy as np
import sympy as sp
from scipy.stats import cauchy, t as student

import laws
from chains import Line, Radius
from laws import X

well = (X**2 - 1) ** 2 / 4
mean_of = lambda eta: lambda x: x - eta * (x**3 - x)


def spec(landscape, start, update, trial, **more):
    return {'version': 1, 'name': 'table', 'trials': 1, 'landscape': landscape, 'start': start,
            'update': {'rule': 'gradient', **update}, 'trial': trial, **more}


def drift(law='gaussian', **scale):
    return {'form': 'additive', 'law': law, **scale}


def chain(dimension, eta, s, T, beta=None):
    rows = [['chain.dimension', dimension, 0], ['chain.eta', eta, 0], ['chain.scale', s, 1e-14]]
    return rows + ([] if T is None else [['chain.temperature', T, 1e-13]]) + (
        [] if beta is None else [['chain.beta', beta, 0]])


def answers(values, tolerance=1e-9):
    return [[f'answers.{name}.value', value, tolerance] for name, value in values.items()]


def quantities(law, values, tolerance=1e-9):
    return [[f'laws.{law}.quantities.{name}.value', value, tolerance, {'unit': unit}]
            for name, (value, unit) in values.items()]


def saddle_laws(eta, T, minimum, saddle, barrier, steps, crossing=True):
    rows = []
    for law, rate in (('eyring-kramers', laws.eyring_kramers), ('discrete-kramers', laws.discrete_kramers)):
        r = rate(eta, T, minimum, saddle, barrier, crossing)
        rows += quantities(law, {
            'barrier': (barrier, 'loss'), 'temperature': (T, 'loss'), 'exponent': (mp.mpf(barrier) / T, ''),
            'ratePerStep': (r, 'per step'), 'meanExitStep': (1 / r, 'steps'),
            **({} if steps is None else {'probability': (-mp.expm1(-r * steps), '')})})
    return rows


def exponents(T, barrier, discrete=None, factor=True):
    values = {'barrier': (barrier, 'loss'), 'temperature': (T, 'loss'), 'exponent': (mp.mpf(barrier) / T, '')}
    if discrete is not None:
        values |= {'discreteBarrier': (discrete, 'loss'), 'discreteExponent': (discrete / T, '')}
        if factor:
            # A rate is proportional to exp(-V/T): what it has more than one of small steps, whose V is the barrier.
            values['discreteFactor'] = (mp.exp(-discrete / T) / mp.exp(-mp.mpf(barrier) / T), '')
    return quantities('freidlin-wentzell', values)


def check_sign():
    """The exact rate says on which side the chain's own barrier is: at eta 0.3 the slope of log rate against 1/T."""
    eta, temperatures = 0.3, (0.0125, 0.01)
    rates = [Line(mean_of(eta), sqrt(2 * eta * T), [(-2.3, 0)], {'out': [(0, inf)], 'lost': [(-inf, -2.3)]}).ever(-1)[2]
             for T in temperatures]
    slope = -(log(rates[1]) - log(rates[0])) / (1 / temperatures[1] - 1 / temperatures[0])
    discrete = float(laws.discrete_barrier(well, eta, -1, 0))
    assert discrete < 0.25 and abs(slope - discrete) < 0.3 * (0.25 - discrete), (slope, discrete)


def double_well(eta, T, edge, steps, horizons=()):
    s = sqrt(2 * eta * T)
    line = Line(mean_of(eta), s, [(-2.2, edge)], {'escape': [(edge, inf)], 'lost': [(-inf, -2.2)]})
    sums, left = line.within(-1, steps)
    ever, mean, rate = line.ever(-1)
    found = {'escape': sums['escape'], 'undecided': left, 'firstExit': 1, 'meanExitStep': mean, 'rate': rate}
    found |= {f'escape@{n}': line.within(-1, n)[0]['escape'] for n in horizons}
    crossing = edge == 0
    zeros = {f'diverge{at}': 0 for at in ('', *(f'@{n}' for n in horizons))}
    return {
        'command': 'oracle', 'about': f'double well, eta {eta}, T {T}, first x >= {edge}',
        'spec': spec({'preset': 'double-well'}, [-1], {'eta': eta, 'drift': drift(temperature=T)},
                     {'steps': steps, 'escape': f'x >= {edge}'}, **({'horizons': list(horizons)} if horizons else {})),
        'rows': chain(1, eta, s, T) + answers(found) + answers(zeros, 1e-15)
        + saddle_laws(eta, T, [2], [-1], 0.25, steps, crossing)
        + exponents(T, 0.25, laws.discrete_barrier(well, eta, -1, 0)),
    }


def edge_of_slope():
    eta, T, r, steps = 0.1, 0.05, 1, 50
    s = sqrt(2 * eta * T)
    line = Line(lambda x: x - eta * x, s, [(-r, r)], {'escape': [(-inf, -r), (r, inf)]})
    sums, left = line.within(0, steps)
    _, mean, rate = line.ever(0)
    # The stationary variance of the chain is s^2 / (1 - (1 - eta)^2).
    discrete = mp.mpf(T) * r**2 / (2 * mp.mpf(s) ** 2 / (1 - (1 - mp.mpf(eta)) ** 2))
    return {
        'command': 'oracle', 'about': 'quadratic, an edge on the slope',
        'spec': spec({'preset': 'quadratic'}, [0], {'eta': eta, 'drift': drift(temperature=T)},
                     {'steps': steps, 'escape': {'outside': {'radius': r, 'of': 'origin'}}}),
        'rows': chain(1, eta, s, T)
        + answers({'escape': sums['escape'], 'undecided': left, 'meanExitStep': mean, 'rate': rate, 'firstExit': 1})
        + answers({'diverge': 0}, 1e-15) + exponents(T, r**2 / 2, discrete, factor=False),
    }


def converging():
    """Escape, convergence to a ball, and which comes first."""
    eta, s, steps = 0.2, 0.2, 15
    line = Line(lambda x: x - eta * x, s, [(-1, -0.1), (0.1, 1)],
                {'escape': [(-inf, -1), (1, inf)], 'converge': [(-0.1, 0.1)]})
    sums, left = line.within(0.6, steps)
    ever, mean, rate = line.ever(0.6)
    return {
        'command': 'oracle', 'about': 'quadratic, escape against convergence',
        'spec': spec({'preset': 'quadratic'}, [0.6], {'eta': eta, 'drift': drift(step=s)},
                     {'steps': steps, 'escape': 'abs(x[1]) >= 1',
                      'converge': {'within': 0.1, 'of': 'origin', 'hold': 1}}),
        'rows': chain(1, eta, s, s * s / (2 * eta)) + answers({
            'escape': sums['escape'], 'converge': sums['converge'], 'settle:origin': sums['converge'],
            'undecided': left, 'firstExit': ever['escape'], 'firstConverge': ever['converge'],
            'firstConverge:origin': ever['converge'], 'meanEndStep': mean, 'rate': rate})
        + answers({'diverge': 0}, 1e-15),
    }


def momentum():
    """The pair of successive places on a square of nodes; noise on the gradient."""
    eta, beta, sigma, r, steps = 0.1, 0.5, 1.0, 0.5, 10
    s = eta * sigma
    from chains import gauss, nodes
    from scipy.special import ndtr
    x, w = nodes([(-r, r)], 1.1 * s)
    out = lambda m: ndtr((m - r) / s) + ndtr((-r - m) / s)
    first = gauss(x / s) / s * w
    total, mass = float(out(0)), np.zeros((len(x), len(x)))
    mass[np.argmin(abs(x))] = 0
    m = x + beta * x - eta * x  # from theta_0 = 0, before which the velocity was 0
    total += float(first @ out(m))
    mass = first[:, None] * gauss((x[None, :] - m[:, None]) / s) / s * w[None, :]
    m = x[None, :] + beta * (x[None, :] - x[:, None]) - eta * x[None, :]
    leave = out(m)
    step = gauss((x[None, None, :] - m[:, :, None]) / s) / s * w
    alive = [1.0, float(first.sum()), float(mass.sum())]
    for n in range(2, 700):
        if n < steps:
            total += float((mass * leave).sum())
        mass = np.einsum('ij,ijk->jk', mass, step)
        alive.append(float(mass.sum()))
    ratio = alive[-1] / alive[-2]
    mean = sum(alive) + alive[-1] * ratio / (1 - ratio)
    rate = float((mass * leave).sum() / mass.sum())
    return {
        'command': 'oracle', 'about': 'the heavy ball on a quadratic, noise on the gradient',
        'spec': spec({'preset': 'quadratic'}, [0],
                     {'rule': 'momentum', 'beta': beta, 'eta': eta, 'drift': drift(sigma=sigma)},
                     {'steps': steps, 'escape': {'outside': {'radius': r, 'of': 'origin'}}}),
        'rows': chain(1, eta, s, s * s / (2 * eta * (1 - beta)), beta)
        + answers({'escape': total, 'undecided': alive[steps], 'meanExitStep': mean, 'rate': rate, 'firstExit': 1},
                  1e-7)
        + answers({'diverge': 0}, 1e-15),
    }


def heavy(law, name, variance, eta, sigma, edges, start, landscape, trial, dimension=1):
    """One jump: `edges` are the lengths of jumps that lead out, one for each way along each axis."""
    s = eta * sigma
    p = mp.fsum(law.sf(edge / s) for edge in edges)
    steps = trial['steps']
    return {
        'command': 'laws', 'about': f'one jump of law {name}, {dimension} coordinates',
        'spec': spec(landscape, start, {'eta': eta, 'drift': drift(name, sigma=sigma)}, trial),
        'rows': quantities('heavy-tail', {
            'width': (min(edges), 'theta'), 'ratePerStep': (p, 'per step'), 'meanExitStep': (1 / p, 'steps'),
            'probability': (1 - (1 - p) ** steps, '')}, 1e-6),
    }


def scales():
    """The temperature of laws that are not normal: by the variance of the law; none where there is none."""
    student = {'student': {'nu': 3}}
    for law, kind, variance in ((student, 'student', 3), ('laplace', 'laplace', 1), ('cauchy', 'cauchy', None)):
        eta, sigma = 0.1, 0.4
        s = eta * sigma
        yield {
            'command': 'chain', 'about': f'the chain of the law {kind}',
            'spec': spec({'preset': 'quadratic'}, [0], {'eta': eta, 'drift': drift(law, sigma=sigma)},
                         {'steps': 3, 'escape': 'abs(x[1]) >= 0.3'}),
            'rows': chain(1, eta, s, None if variance is None else variance * s * s / (2 * eta)),
        }


def radial():
    eta, sigma, d, r, steps = 0.1, 1.0, 3, 0.9, 40
    s = eta * sigma
    of = Radius(1 - eta, s, d, r)
    escape = of.exit(0.3, steps)
    mean, rate = of.ever(0.3)
    return {
        'command': 'oracle', 'about': 'the distance from the middle of a bowl in three dimensions',
        'spec': spec({'preset': 'quadratic', 'dimension': 3}, [0.3, 0, 0], {'eta': eta, 'drift': drift(sigma=sigma)},
                     {'steps': steps, 'escape': {'outside': {'radius': r, 'of': 'origin'}}}),
        'rows': chain(d, eta, s, s * s / (2 * eta))
        + answers({'escape': escape, 'undecided': 1 - escape, 'meanExitStep': mean, 'rate': rate}, 1e-8),
    }


def ruin():
    q, steps = Fraction(2, 5), 100
    mass, top, bottom = {5: Fraction(1)}, Fraction(0), Fraction(0)
    for _ in range(steps):
        moved = {}
        for x, p in mass.items():
            for to, share in ((x + 1, q), (x - 1, 1 - q)):
                moved[to] = moved.get(to, Fraction(0)) + share * p
        top += moved.pop(10, 0)
        bottom += moved.pop(0, 0)
        mass = moved
    k = (1 - q) / q
    ever = (1 - k**5) / (1 - k**10)
    # The mean by x' = x + 2q - 1: (start - mean end) / (1 - 2q).
    mean = (5 - 10 * ever) / (1 - 2 * q)
    matrix = np.diag([0.4] * 8, 1) + np.diag([0.6] * 8, -1)
    rate = 1 - max(abs(np.linalg.eigvals(matrix)))
    return {
        'command': 'oracle', 'about': "the gambler's ruin",
        'spec': spec({'formula': {'variables': ['x'], 'expression': 'x'}}, [5],
                     {'eta': 1, 'drift': {'form': 'flip', 'q': 0.4}},
                     {'steps': steps, 'escape': {'top': 'x >= 10', 'bottom': 'x <= 0'}}),
        'rows': chain(1, 1, 0.4, None) + [['chain.finite.points', 11, 0], ['chain.finite.apart', 0, 0]] + answers({
            'escape': top + bottom, 'exit:top': top, 'exit:bottom': bottom, 'undecided': sum(mass.values()),
            'diverge': 0, 'firstExit': 1, 'firstExit:top': ever, 'firstExit:bottom': 1 - ever, 'meanExitStep': mean,
            'rate': rate}, 1e-12),
    }


def kesten():
    eta, sigma = 0.1, 3
    values = laws.kesten(eta, sigma)
    bound = mp.mpf('0.5') ** values['tailExponent']
    units = {'expectedLog': 'per step'}
    yield {
        'command': 'laws', 'about': 'Kesten, one coordinate',
        'spec': spec({'preset': 'quadratic'}, [0.5], {'eta': eta, 'drift': {'form': 'multiplicative', 'sigma': sigma}},
                     {'steps': 10, 'escape': {'outside': {'radius': 1, 'of': 'origin'}}}),
        'rows': quantities('kesten', {'sigma': (sigma, ''), 'escapeBound': (bound, ''),
                                      **{name: (value, units.get(name, '')) for name, value in values.items()}}),
    }
    z, q = mp.mpf('0.5'), mp.mpf('0.1')
    logs = lambda q: (1 - q) * mp.log(1 - z) + q * mp.log(1 + z)
    alpha = laws.root(lambda a: (1 - q) * (1 - z) ** a + q * (1 + z) ** a - 1, 2, 12)
    yield {
        'command': 'laws', 'about': 'Kesten, flips',
        'spec': spec({'preset': 'quadratic'}, [0.5], {'eta': 0.5, 'drift': {'form': 'flip', 'q': 0.1}}, {'steps': 10}),
        'rows': quantities('kesten', {
            'q': (q, ''), 'expectedLog': (logs(q), 'per step'),
            'meanSquare': ((1 - q) * (1 - z) ** 2 + q * (1 + z) ** 2, ''),
            'thresholdQ': (laws.root(logs, 0.3, 0.9), ''),
            'meanSquareQ': ((1 - (1 - z) ** 2) / ((1 + z) ** 2 - (1 - z) ** 2), ''), 'tailExponent': (alpha, '')}),
    }
    # Two coordinates with factors of their own and alpha < 2: no bound of the distance.
    values = laws.kesten(eta, 6)
    yield {
        'command': 'laws', 'about': 'Kesten, five coordinates of their own factors: no bound of leaving a ball',
        'spec': spec({'preset': 'quadratic', 'dimension': 5}, [0.5] * 5,
                     {'eta': eta, 'drift': {'form': 'multiplicative', 'sigma': 6}},
                     {'steps': 10, 'escape': {'outside': {'radius': 3, 'of': 'origin'}}}),
        'rows': quantities('kesten', {'sigma': (6, ''),
                                      **{name: (value, units.get(name, '')) for name, value in values.items()}}),
    }


def valley():
    """A straight valley of curvature 3 in two dimensions: the product over the eigenvectors."""
    eta, T, steps = 0.1, 0.05, 1000
    return {
        'command': 'laws', 'about': 'a saddle in two dimensions',
        'spec': spec({'formula': {'variables': ['x', 'y'], 'expression': '(x^2 - 1)^2/4 + y^2 + x^2*y^2/2'}}, [-1, 0],
                     {'eta': eta, 'drift': drift(temperature=T)}, {'steps': steps, 'escape': 'x >= 0'}),
        'rows': saddle_laws(eta, T, [2, 3], [-1, 2], 0.25, steps) + exponents(T, 0.25),
    }


def cases():
    check_sign()
    yield double_well(0.1, 0.05, 0, 1000, (100,))
    yield double_well(0.1, 0.05, 1, 1000)
    yield double_well(0.4, 0.018, 0, 1000)
    yield edge_of_slope()
    yield converging()
    yield momentum()
    yield radial()
    yield ruin()
    yield from scales()
    eta, sigma = 0.1, 0.01
    yield heavy(cauchy, 'cauchy', None, eta, sigma, [1.0], [0], {'preset': 'quadratic'},
                {'steps': 100, 'escape': 'x[1] >= 1'})
    yield heavy(student(3), {'student': {'nu': 3}}, 3, eta, sigma, [1.0] * 4, [0, 0],
                {'preset': 'quadratic', 'dimension': 2},
                {'steps': 100, 'escape': {'outside': {'radius': 1, 'of': 'origin'}}}, 2)
    yield from kesten()
    yield valley()
