"""What `driftfarm minima` prints, and the temperatures and limits that checks and fits name."""
from math import sqrt

import mpmath as mp
import numpy as np
from scipy.linalg import solve_discrete_lyapunov
from scipy.stats import beta as beta_law

from casesOfOracle import drift, spec


def share(base, count, descents, shares, confidence=0.95):
    """Clopper and Pearson at alpha over the number of shares, two-sided."""
    alpha = (1 - confidence) / shares
    low = beta_law.ppf(alpha / 2, count, descents - count + 1) if count > 0 else 0
    high = beta_law.ppf(1 - alpha / 2, count + 1, descents - count) if count < descents else 1
    return [[f'{base}.count', count, 0], [f'{base}.value', count / descents, 1e-14], [f'{base}.low', low, 1e-9],
            [f'{base}.high', high, 1e-9]]


def certain(base, count):
    return [[f'{base}.{name}', count, 0] for name in ('count', 'value', 'low', 'high')]


def point(base, at, loss, eigenvalues, first=0):
    return [
        *([f'{base}.point.{i}', x, 1e-8] for i, x in enumerate(at)), [f'{base}.loss', loss, 1e-9],
        [f'{base}.gradnorm', 0, 1e-8], [f'{base}.eigenvalues.smallest', min(eigenvalues), 1e-6],
        [f'{base}.eigenvalues.largest', max(eigenvalues), 1e-6],
        [f'{base}.eigenvalues.negative', sum(h < 0 for h in eigenvalues), 0],
        [f'{base}.eigenvalues.zero', sum(h == 0 for h in eigenvalues), 0], [f'{base}.first', first, 0],
        [f'{base}.damped', 0, 0],
    ]


def settings(dimension, descents):
    tolerances = {'gradient': 1e-9, 'eigenvalue': 1e-6, 'merge': 1e-6, 'flatLoss': 1e-4}
    return [['dimension', dimension, 0], ['descents', descents, 0], ['eta', 0.01, 0], ['gradient', 1e-9, 0],
            ['steps', 100000, 0], ['confidence', 0.95, 0], ['unfinished', 0, 0],
            *([f'tolerances.{name}', value, 0] for name, value in tolerances.items())]


def wells():
    """The tilted double well, whose minima are roots of x^3 - x + c; the counts are those of the program's streams."""
    c, descents, counts = mp.mpf('0.1'), 1000, (556, 444)
    rows = []
    for k, start in enumerate((-1.05, 0.95)):
        x = mp.findroot(lambda x: x**3 - x + c, start)
        rows += point(f'minima.{k}', [x], (x**2 - 1) ** 2 / 4 + c * x, [3 * x**2 - 1], first=1 - k)
        rows += share(f'minima.{k}.share', counts[k], descents, 2)
    return {
        'command': 'minima', 'about': 'two minima of the tilted double well', 'options': {'descents': descents},
        'spec': {**spec({'preset': 'tilted-double-well'}, {'uniform': {'low': -1.5, 'high': 1.5}},
                        {'eta': 0.01}, {'steps': 1}),
                 'seed': 7},
        'rows': settings(1, descents) + rows + share('diverged', 0, descents, 2),
    }


def saddle():
    return {
        'command': 'minima', 'about': 'a descent that ends at a saddle',
        'spec': spec({'formula': {'variables': ['x', 'y'], 'expression': '(x^2 - 1)^2/4 + 3*y^2'}}, [0, 0.5],
                     {'eta': 0.01}, {'steps': 1}),
        'rows': settings(2, 1) + point('notMinima.0', [0, 0], 0.25, [-1, 6]) + certain('notMinima.0.share', 1)
        + certain('diverged', 0),
    }


def temperatures(rule, beta, law, variance, scale):
    """h times the stationary variance of theta, from the rule as PyTorch writes it; the limit for slow motion."""
    eta, amount = 0.1, 0.05 if scale == 'temperature' else 1.0
    s = {'temperature': sqrt(2 * eta * amount), 'sigma': eta * amount}[scale] * sqrt(variance)

    def along(h):
        a = eta * h
        if rule == 'gradient':
            move, push = np.array([[1 - a]]), np.array([1.0])
        elif rule == 'momentum':  # v' = beta v - eta g, theta' = theta + v'
            move, push = np.array([[1 - a, beta], [-a, beta]]), np.array([1.0, 1.0])
        else:  # nesterov: buf' = beta buf + g, theta' = theta - eta (g + beta buf'), with v = -eta buf
            move = np.array([[1 - a - beta * a, beta**2], [-a, beta]])
            push = np.array([1 + beta, 1.0])
        if scale == 'temperature':
            push = np.eye(len(move))[0]
        return h * solve_discrete_lyapunov(move, s * s * np.outer(push, push))[0, 0]

    limit = {'gradient': 2, 'momentum': 2 * (1 + beta), 'nesterov': 2 * (1 + beta) / (1 + 2 * beta)}[rule]
    edge = [np.max(np.abs(np.linalg.eigvals(m))) for m in moves(rule, beta, limit)]
    assert edge[0] < 1 < edge[1]
    slow = s * s / (2 * eta) * {'temperature': 1 - beta, 'sigma': 1 / (1 - beta)}[scale]
    gaussian = law == 'gaussian'
    rows = [['temperature.nominal', s * s / (2 * eta), 1e-9], ['temperature.modes.0.curvature', 2, 1e-9],
            ['temperature.modes.0.temperature', along(2), 1e-9], ['stability.eta', eta, 0],
            ['stability.curvature', 2, 1e-9], ['stability.limit', limit, 1e-9]]
    rows += [['temperature.asked', amount, 1e-12]] if scale == 'temperature' else []
    rows += [['slow.temperature', slow, 1e-5]] if gaussian else []
    if gaussian and rule == 'gradient':
        rows += [['barrier.height', 0.25, 1e-9], ['barrier.temperature', s * s / (2 * eta), 1e-9]]
    update = {'rule': rule, 'eta': eta, 'drift': drift(law, **{scale: amount})}
    return {
        'command': 'premises', 'about': f'temperature of {rule} {beta}, {scale}, law {law}',
        'spec': spec({'preset': 'double-well'}, {'minimum': 'left'}, update | ({'beta': beta} if beta else {}),
                     {'steps': 1000, 'escape': 'x >= 0'}),
        'rows': rows,
    }


def moves(rule, beta, limit):
    for a in (limit * (1 - 1e-6), limit * (1 + 1e-6)):
        yield {'gradient': np.array([[1 - a]]), 'momentum': np.array([[1 - a, beta], [-a, beta]]),
               'nesterov': np.array([[1 - a - beta * a, beta**2], [-a, beta]])}[rule]


def cases():
    yield wells()
    yield saddle()
    for rule, beta in (('gradient', 0), ('momentum', 0.5), ('nesterov', 0.5)):
        for scale in ('temperature', 'sigma'):
            yield temperatures(rule, beta, 'gaussian', 1, scale)
    yield temperatures('gradient', 0, {'student': {'nu': 5}}, 5 / 3, 'sigma')
