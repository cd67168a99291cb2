"""What `driftfarm theorem` prints."""
from math import exp, inf, log, sqrt

import mpmath as mp
import numpy as np

import laws
from bounds import HeavyBall, best_closed_form, closed_form, doob, exponential, proxy, safe, staying
from casesOfOracle import drift, mean_of, spec
from chains import Line, Radius, complement, scheduled, tails

delta = 0.05


def numbers(base, values, tolerance=1e-9, **more):
    return [[f'{base}.{name}', value, tolerance, *([more] if more else [])] for name, value in values.items()]


def chosen(*paths):
    return [[path, 0, 0, {'chosen': True}] for path in paths]


def place(dimension, minimum, loss, mu, start, radius, steps, among=None, gradnorm=0.0):
    """The minimum, the start and the set: what is known before any bound."""
    among = range(dimension) if among is None else among
    return [
        ['dimension', dimension, 0], ['steps', steps, 0], ['minimum.loss', loss, 1e-12],
        ['minimum.gradnorm', gradnorm, 1e-12], ['minimum.error', gradnorm / mu, 1e-12],
        *([f'minimum.point.{i}', x, 1e-12] for i, x in enumerate(minimum)),
        *([f'set.among.{i}', x, 0] for i, x in enumerate(among)),
        ['start.distance', start, 1e-12], ['set.radius', radius, 1e-15],
    ]


def curvature(radius, mu, lam, mean_mu, mean_lam, slack=1e-6):
    """Proven bounds, wider than the truth by at most `slack` of Lambda."""
    rows = [[f'conditions.{i}.number', i + 1, 0] for i in range(3)]
    for base, upper in (('curvature', 'lambda'), ('conditions.0.numbers', 'Lambda')):
        rows += [[f'{base}.radius', radius, 1e-15]]
        for name, value in (('mu', mu), ('meanMu', mean_mu)):
            rows += [[f'{base}.{name}', value, slack, {'least': True}]]
        for name, value in ((upper, lam), ('meanLambda', mean_lam)):
            rows += [[f'{base}.{name}', value, slack, {'most': True}]]
    return rows


def second(eta, last, mean_lam, rho, tolerance=1e-6):
    return numbers('conditions.1.numbers', {'eta': eta, 'etaLast': last, 'limit': 2 / mean_lam, 'rho': rho}, tolerance)


def gaussian_bounds(rho, lower, scale, d, r, start, steps, variance=None):
    rho_of, scale_of = (lambda n: rho), (lambda n: scale)
    values = staying(rho_of, scale_of, d, r, start, steps)
    values['exponential'] = exponential(rho_of, scale_of, d, r, start, steps)
    values['doob'] = doob(lambda n: d * scale**2, r, start, steps)
    rows = numbers('bounds', values, 1e-5)
    ends = {'upper': rho, 'lower': lower}
    if d == 1:
        out = {'out': [(-inf, -r), (r, inf)]}
        exits = {k: Line(lambda x, p=p: p * x, scale, [(-r, r)], out).within(start, steps)[0]['out']
                 for k, p in ends.items()}
    else:
        exits = {k: Radius(p, scale, d, r).exit(start, steps) for k, p in ends.items()}
    return rows + numbers('bounds', exits, 1e-5) + chosen('bounds.error')


def ball_of_well():
    """The example of the page: every number of Theorem 1 and the certificate."""
    eta, sigma, r, steps = 0.1, 0.4, 0.3, 100
    s = eta * sigma
    mean_mu, mean_lam = 0.7 * 1.7, 1.3 * 2.3  # L'(x) / (x + 1) = x (x - 1)
    rho = 1 - eta * mean_mu
    line = Line(mean_of(eta), s, [(-1 - r, -1 + r)], {'out': [(-inf, -1 - r), (-1 + r, inf)]})
    exact = line.within(-1, steps)[0]['out']
    found = best_closed_form(loss=lambda x: (x * x - 1) ** 2 / 4, slope=lambda x: x**3 - x, eta=eta, s=s,
                             inside=(-1 - r, -1 + r), start=-1, steps=steps)
    return {
        'command': 'theorem', 'about': 'Theorem 1 and 2 about the left minimum of the double well',
        'spec': spec({'preset': 'double-well'}, {'minimum': 'left'}, {'eta': eta, 'drift': drift(sigma=sigma)},
                     {'steps': steps, 'escape': {'outside': {'radius': r, 'of': 'left'}}}),
        'rows': place(1, [-1], 0, mean_mu, 0, r, steps) + curvature(r, 3 * 0.49 - 1, 3 * 1.69 - 1, mean_mu, mean_lam)
        + second(eta, eta, mean_lam, rho) + numbers('conditions.2.numbers', {'start': 0, 'scale': s}, 1e-12)
        + gaussian_bounds(rho, 1 - eta * mean_lam, s, 1, r, 0, steps)
        + [['horizon.delta', delta, 0], ['horizon.steps', safe(rho, s, 1, r, 0, delta), 0]]
        + [[f'{base}.{name}', exact, 0.02, {'most': True}]
           for base, name in (('bounds', 'certificate'), ('certificate', 'escape'))]
        + chosen(*(f'certificate.{name}' for name in ('among.0', 'nodes', 'spacing', 'followed', 'growth')))
        + numbers('certificate.explicit', {key: found[key] for key in ('beta', 'betaT', 'growth')}, 0.1)
        + numbers('certificate.explicit', {'level': found['level']}, 1e-9)
        + [['certificate.explicit.escape', found['escape'], 0.03, {'most': True}]],
    }


def bowl():
    """Three dimensions and three curvatures: the factors of dimension in every bound."""
    eta, sigma, r, steps, start = 0.1, 1.1, 0.9, 60, 0.2
    s = eta * sigma
    mu, lam = 1, 2
    rho = 1 - eta * mu
    rows = gaussian_bounds(rho, 1 - eta * lam, s, 3, r, start, steps)
    product = next(row[1] for row in rows if row[0] == 'bounds.escape')
    return {
        'command': 'theorem', 'about': 'Theorem 1 in a bowl of three dimensions',
        'spec': spec({'formula': {'variables': ['x', 'y', 'z'], 'expression': 'x^2/2 + y^2 + 0.7*z^2',
                                  'minima': {'o': [0, 0, 0]}}}, [start, 0, 0],
                     {'eta': eta, 'drift': drift(sigma=sigma)},
                     {'steps': steps, 'escape': {'outside': {'radius': r, 'of': 'o'}}}),
        'rows': place(3, [0, 0, 0], 0, mu, start, r, steps) + curvature(r, mu, lam, mu, lam)
        + second(eta, eta, lam, rho) + numbers('conditions.2.numbers', {'start': start, 'scale': s}, 1e-12) + rows
        + [['horizon.delta', delta, 0], ['horizon.steps', safe(rho, s, 3, r, start, delta), 0]]
        + [[f'{base}.{name}', product, 1e-6]
           for base, name in (('bounds', 'certificate'), ('certificate', 'escape'))]
        + [[f'certificate.{name}', 0, 0] for name in ('nodes', 'spacing', 'followed', 'growth')]
        + [[f'certificate.among.{i}', i, 0] for i in range(3)],
    }


def bounded(law, isotropic, d):
    """Drift that is not Gaussian: what needs a proxy variance or a variance alone. Each coordinate has variance 1."""
    eta, sigma, r, steps = 0.1, 0.5, 0.9, 60
    s = eta * sigma
    rho = 1 - eta
    # E exp(t xi) <= exp(t^2 / 2) fails for the law of Laplace.
    sharp = {} if law == 'laplace' else {'exponential': exponential(lambda n: rho, lambda n: s, d, r, 0, steps)}
    rows = numbers('bounds', {**sharp, 'doob': doob(lambda n: d * s * s, r, 0, steps)}, 1e-7) + chosen('bounds.error')
    return {
        'command': 'theorem', 'about': f'Theorem 1 with drift of the law {law} in {d} coordinates',
        'spec': spec({'preset': 'quadratic', 'dimension': d}, [0] * d,
                     {'eta': eta, 'drift': {**drift(law, sigma=sigma), **({'isotropic': True} if isotropic else {})}},
                     {'steps': steps, 'escape': {'outside': {'radius': r, 'of': 'origin'}}}),
        'options': {'certificate': False},
        'rows': place(d, [0] * d, 0, 1, 0, r, steps) + curvature(r, 1, 1, 1, 1) + second(eta, eta, 1, rho)
        + numbers('conditions.2.numbers', {'start': 0, 'scale': s}, 1e-12) + rows,
    }


def cooling():
    """A drift that dies out: staying and converging for ever, and from the horizon on."""
    eta, sigma, rate, r, steps, start = 0.1, 0.4, 0.98, 0.3, 60, 0.1
    mean_mu, mean_lam = 0.7 * 1.7, 1.3 * 2.3
    rho = lambda n: 1 - eta * mean_mu
    scale = lambda n: eta * sigma * rate**n
    ends = {'upper': mean_mu, 'lower': mean_lam}
    exits = {k: scheduled(lambda n, x, h=h: (1 - eta * h) * x, scale, -r, r, start, steps) for k, h in ends.items()}
    values = staying(rho, scale, 1, r, start, steps)
    values['exponential'] = exponential(rho, scale, 1, r, start, steps)
    values['doob'] = doob(lambda n: scale(n) ** 2, r, start, steps)
    for_ever = complement(tails(rho, scale, 1, r, start, 1500))
    later = lambda n: scale(n + steps)
    stay = lambda D: 1 - complement(tails(rho, later, 1, r, D, 1500))
    distances = [0.02, 0.1, 0.15, 0.5, inf]
    mean = np.mean([stay(d + start) if d + start < r else 0 for d in distances])
    assert stay(r * 0.9999) > 0.5
    reach = sqrt(log(2 / 0.05) / (2 * len(distances)))
    cooled = lambda n, x: x - eta * (x**3 - x)
    failed = scheduled(cooled, scale, -1 - r, -1 + r, -1 + start, 400)
    within = scheduled(cooled, scale, -1 - r, -1 + r, -1 + start, steps)
    return {
        'command': 'theorem', 'about': 'a drift that dies out',
        'options': {'distances': [d if d < inf else 1e300 for d in distances]},
        'spec': spec({'preset': 'double-well'}, [-1 + start],
                     {'eta': eta, 'drift': drift(sigma={'exponential': {'initial': sigma, 'rate': rate}})},
                     {'steps': steps, 'escape': {'outside': {'radius': r, 'of': 'left'}}}),
        'rows': place(1, [-1], 0, mean_mu, start, r, steps) + curvature(r, 0.47, 4.07, mean_mu, mean_lam)
        + second(eta, eta, mean_lam, rho(0))
        + numbers('conditions.2.numbers', {'start': start, 'scale': eta * sigma}, 1e-9)
        + numbers('bounds', {**values, **exits}, 1e-5) + chosen('bounds.error')
        + [[f'{base}.{name}', within, 0.05, {'most': True}]
           for base, name in (('bounds', 'certificate'), ('certificate', 'escape'))]
        + chosen(*(f'certificate.{name}' for name in ('among.0', 'nodes', 'spacing', 'followed', 'growth')))
        + numbers('forever', {'stay': 1 - for_ever, 'escape': for_ever}, 1e-5)
        + chosen('forever.terms') + [['forever.tail', 0, 1e-7 * for_ever]]
        # Above 1/2 up to the edge, beyond which it is 0.
        + [['forever.restart.atZero', stay(0), 1e-6], ['forever.restart.half', r, 1e-9, {'least': True}]]
        # Distances are rounded up to 256 levels of the radius, which may only make the mean smaller.
        + [['forever.restart.measured.rows', len(distances), 0],
           ['forever.restart.measured.value', mean, 1e-3, {'least': True}]]
        + numbers('forever.restart.measured', {'low': max(0, mean - reach), 'high': min(1, mean + reach)}, 1e-3)
        # s is proven from below: 1 - s is above the chance to leave the ball, which is more than needed.
        + [['convergence.escape', failed, 0.05, {'most': True}], ['convergence.s', 1 - failed, 1e-3, {'least': True}],
           ['convergence.steps', steps, 0], ['convergence.after', 1 - stay(0), 1e-5]],
    }


def vanishing():
    """Theorem 1': alpha from the moments of one factor at both bounds of the curvature."""
    eta, sigma, r, steps, start = 0.1, 2, 0.3, 100, 0.1
    mean_mu, mean_lam = 0.7 * 1.7, 1.3 * 2.3
    more = lambda a, z: laws.moment(laws.normal, 1 - z, z * sigma, a, laws.normal_cuts) - 1
    alpha = min(laws.root(lambda a, h=h: more(a, eta * h), 0.5, 12) for h in (mean_mu, mean_lam))
    escape = (mp.mpf(start) / r) ** alpha
    yield theorem_prime('multiplicative drift', {'form': 'multiplicative', 'sigma': sigma}, eta, r, steps, start,
                        alpha, escape, {'preset': 'double-well'}, [-0.9], 'left', -1, (0.47, 4.07, mean_mu, mean_lam))
    q, z = mp.mpf('0.1'), mp.mpf('0.5')
    alpha = laws.root(lambda a: (1 - q) * (1 - z) ** a + q * (1 + z) ** a - 1, 2, 12)
    yield theorem_prime('flips', {'form': 'flip', 'q': 0.1}, 0.5, 1, steps, 0.4, alpha, mp.mpf('0.4') ** alpha,
                        {'preset': 'quadratic'}, [0.4], 'origin', 0, (1, 1, 1, 1))


def theorem_prime(about, noise, eta, r, steps, start, alpha, escape, landscape, at, name, minimum, curved):
    mean_mu, mean_lam = curved[2:]
    return {
        'command': 'theorem', 'about': f"Theorem 1': {about}", 'options': {'certificate': False},
        'spec': spec(landscape, at, {'eta': eta, 'drift': noise},
                     {'steps': steps, 'escape': {'outside': {'radius': r, 'of': name}}}),
        'rows': place(1, [minimum], 0, mean_mu, start, r, steps) + curvature(r, *curved)
        + second(eta, eta, mean_lam, max(0, 1 - eta * mean_mu, eta * mean_lam - 1))
        + numbers('conditions.2.numbers', {'start': start, 'alpha': alpha}, 1e-6)
        + numbers('vanishing', {'alpha': alpha, 'stay': 1 - escape, 'escape': escape}, 1e-5),
    }


def heavy_ball(scale, where, norm):
    """Theorem 3. `scale`: how the drift is written; `where` it enters, as rows of Z over s^2; `norm` is printed."""
    eta, beta, sigma, r, steps, d = 0.1, 0.5, 0.2, 0.3, 100, 1
    s = eta * sigma
    mean_mu, mean_lam = 0.7 * 1.7, 1.3 * 2.3
    noise = s * s * np.array(where)
    ball = HeavyBall(eta, beta, mean_mu, mean_lam, d, r, 0, steps, noise, d * noise)
    sharp, variance = ball.bounds()
    rho, length, radius = ball.norm(*norm)
    return {
        'command': 'theorem', 'about': f'Theorem 3: the heavy ball, drift by {scale}',
        'options': {'certificate': False},
        'spec': spec({'preset': 'double-well'}, {'minimum': 'left'},
                     {'rule': 'momentum', 'beta': beta, 'eta': eta,
                      'drift': drift(**{scale: sigma if scale == 'sigma' else s})},
                     {'steps': steps, 'escape': {'outside': {'radius': r, 'of': 'left'}}}),
        'rows': place(1, [-1], 0, mean_mu, 0, r, steps) + curvature(r, 0.47, 4.07, mean_mu, mean_lam)
        + numbers('conditions.1.numbers', {'eta': eta, 'beta': beta, 'limit': 2 * (1 + beta) / mean_lam}, 1e-6)
        + numbers('conditions.2.numbers', {'start': 0, 'scale': s}, 1e-9)
        + chosen('conditions.1.numbers.a', 'conditions.1.numbers.b')
        + [['conditions.1.numbers.rho', rho, 1e-6], ['conditions.2.numbers.sQ', length, 1e-6],
           ['conditions.2.numbers.R', radius, 1e-6]]
        # The best norm is searched for on both sides.
        + [['bounds.exponential', sharp, 1e-3], ['bounds.doob', variance, 1e-3], ['bounds.error', 0, 0]],
    }


def minibatch():
    """Theorem 3 with samples: (y - w x)^2 / 2, whose gradients are linear in w."""
    x, y = np.array([1, 0.6, -0.8, 1.2]), np.array([1.2, 0.4, -0.9, 1])
    eta, batch, r, steps = 0.1, 4, 0.15, 60
    h = float(np.mean(x * x))
    fit = float(np.mean(x * y) / h)
    at = np.linspace(fit - r, fit + r, 2001)
    gradients = x[None, :] * (at[:, None] * x[None, :] - y[None, :])
    apart = gradients - gradients.mean(1)[:, None]
    M = float(np.abs(apart).max())
    V = float((apart**2).mean(1).max())
    around = float((gradients.max(1) - gradients.min(1)).max() / 2)
    w = proxy(V, M, around) / batch
    rho, s = 1 - eta * h, eta * sqrt(w)
    loose = {'most': True}
    return {
        'command': 'theorem', 'about': 'Theorem 3: minibatches', 'options': {'certificate': False},
        'spec': spec({'formula': {'variables': ['w'], 'expression': '(y - w*x)^2/2', 'batch': batch,
                                  'data': {'columns': {'x': list(x), 'y': list(y)}}, 'minima': {'fit': [fit]}}},
                     {'minimum': 'fit'}, {'eta': eta},
                     {'steps': steps, 'escape': {'outside': {'radius': r, 'of': 'fit'}}}),
        'rows': [row for row in place(1, [fit], float(np.mean((y - fit * x) ** 2) / 2), h, 0, r, steps)
                 if row[0] not in ('minimum.gradnorm', 'minimum.error')]
        + [['minimum.gradnorm', 0, 1e-15], ['minimum.error', 0, 1e-15]] + curvature(r, h, h, h, h)
        + second(eta, eta, h, rho)
        + [['conditions.2.numbers.start', 0, 0], ['conditions.2.numbers.batch', batch, 0],
           ['conditions.2.numbers.scale', s, 3e-3, loose], ['conditions.2.numbers.M', M, 2e-3, loose],
           ['conditions.2.numbers.variance', V, 2e-3, loose], ['conditions.2.numbers.trace', V, 2e-3, loose],
           ['conditions.2.numbers.proxy', w, 4e-3, loose],
           ['bounds.exponential', exponential(lambda n: rho, lambda n: s, 1, r, 0, steps), 0.05, loose],
           ['bounds.doob', doob(lambda n: eta**2 * V / batch, r, 0, steps), 2e-3, loose], ['bounds.error', 0, 0]],
    }


def valley():
    """A loss that leaves a coordinate out: the distance is to the valley."""
    eta, sigma, r, steps = 0.1, 0.5, 0.3, 40
    s = eta * sigma
    rho = 1 - eta * 2
    return {
        'command': 'theorem', 'about': 'a straight valley', 'options': {'certificate': False, 'radius': r},
        'spec': spec({'formula': {'variables': ['x', 'y', 'z'], 'expression': 'x^2 + y^2 + 0*z'}}, [0, 0, 5],
                     {'eta': eta, 'drift': drift(sigma=sigma)}, {'steps': steps}),
        'rows': [row for row in place(3, [0, 0, 5], 0, 2, 0, r, steps, (0, 1))] + curvature(r, 2, 2, 2, 2)
        + second(eta, eta, 2, rho) + numbers('conditions.2.numbers', {'start': 0, 'scale': s}, 1e-12)
        + gaussian_bounds(rho, rho, s, 2, r, 0, steps)
        + [['horizon.delta', delta, 0], ['horizon.steps', safe(rho, s, 2, r, 0, delta), 0]],
    }


def cases():
    yield ball_of_well()
    yield bowl()
    yield bounded('uniform', False, 1)
    yield bounded('uniform', True, 2)
    yield bounded('laplace', True, 3)
    yield cooling()
    yield from vanishing()
    yield heavy_ball('sigma', [[1, 1], [1, 1]], (0.3103634526451619, 0.04428749157215461))
    yield heavy_ball('step', [[1, 0], [0, 0]], (0.2126857669378658, 0.19881593018847366))
    yield minibatch()
    yield valley()
