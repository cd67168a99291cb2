"""Training with dropout and label noise, in NumPy.

Prints noise.json: specs, the losses of 400 trials of each, and losses of variants that are wrong on purpose. Needs
numpy 2.
"""
import json
import numpy as np

trials = 400


def of_network(layers, inputs, targets, start, dropout=(), flip=0, sigma=0, softmax=False):
    """Losses and gradients by theta (trials, d)."""
    shapes = [(layers[k + 1], layers[k]) for k in range(len(layers) - 1)]

    def passes(theta, x, t, masks):
        at, values, weights = 0, [x], []
        for k, (a, b) in enumerate(shapes):
            w, at = theta[:, at:at + a * b].reshape(-1, a, b), at + a * b
            z = np.einsum('rij,rsj->rsi', w, values[-1]) + theta[:, None, at:at + a]
            at += a
            weights.append(w)
            if k < len(shapes) - 1:
                values.append(np.tanh(z) * masks[k])
        if softmax:
            e = np.exp(z - z.max(2, keepdims=True))
            f = e / e.sum(2, keepdims=True)
            loss = -(t * np.log(f)).sum(2).mean(1)
            error = (f - t) / t.shape[1]
        else:
            loss, error = ((z - t)**2).mean((1, 2)), 2 * (z - t) / (t.shape[1] * t.shape[2])
        grads = []
        for k in reversed(range(len(shapes))):
            grads += [error.sum(1), np.einsum('rsi,rsj->rij', error, values[k]).reshape(len(theta), -1)]
            if k > 0:
                # values = tanh(z) mask, so tanh'(z) mask = mask - values^2 / mask.
                a = np.divide(values[k], masks[k - 1], out=np.zeros_like(values[k]), where=masks[k - 1] != 0)
                error = np.einsum('rij,rsi->rsj', weights[k], error) * (1 - a**2) * masks[k - 1]
        return loss, np.concatenate(grads[::-1], axis=1)

    def exact(theta):
        whole = [np.broadcast_to(x, (len(theta),) + x.shape) for x in (inputs, targets)]
        return passes(theta, *whole, [np.ones((1, 1, 1))] * len(layers))[0]

    def noisy(theta, rows, rng, wrong, memory):
        x, t = inputs[rows], targets[rows]
        if flip:
            p = flip * 1.5 if wrong == 'another probability' else flip
            many = targets.shape[1]
            own = np.broadcast_to(targets.argmax(1), (len(theta), len(targets)))
            if wrong == 'once':
                if 'labels' not in memory:
                    memory['labels'] = flipped(own, p, many, rng)
                own = memory['labels']
                labels = np.take_along_axis(own, rows, 1)
            else:
                labels = flipped(np.take_along_axis(own, rows, 1), p, many, rng, wrong == 'own class too')
            t = np.eye(many)[labels]
        if sigma:
            s = sigma * 1.25 if wrong == 'another sigma' else sigma
            if wrong == 'once':
                if 'targets' not in memory:
                    memory['targets'] = targets + s * rng.normal(size=(len(theta),) + targets.shape)
                t = memory['targets'][np.arange(len(theta))[:, None], rows]
            else:
                t = t + s * rng.normal(size=t.shape)
        masks = [np.ones((1, 1, 1))] * len(layers)
        for k, p in enumerate(dropout):
            q = 1 - p + 0.1 if wrong == 'another probability' else 1 - p
            samples = 1 if wrong == 'one mask a batch' else rows.shape[1]
            mask = rng.uniform(size=(len(theta), samples, layers[k + 1])) < q
            masks[k] = mask / (1 if wrong == 'not rescaled' else q)
        return passes(theta, x, t, masks)[1]

    noise = {'dropout': list(dropout)} if dropout else {}
    if flip or sigma:
        noise['labelNoise'] = {'flip': flip} if flip else {'sigma': sigma}
    kind = {'output': 'softmax', 'loss': 'cross-entropy'} if softmax else {}
    data = {'inputs': inputs.tolist(), 'targets': targets.tolist()}
    return len(inputs), start, exact, noisy, lambda batch: {
        'network': {'layers': layers, 'data': data, 'batch': batch, **kind, **noise}}


def flipped(labels, p, many, rng, own_too=False):
    other = rng.integers(0, many, labels.shape) if own_too else (labels + rng.integers(1, many, labels.shape)) % many
    return np.where(rng.uniform(size=labels.shape) < p, other, labels)


def of_formula(p, q, y, start, sigma):
    """Mean of ((a^2 - b^2) p + a b q - y)^2 over samples, by theta = (a, b)."""
    def residuals(theta, p, q, y):
        a, b = theta[:, :1], theta[:, 1:]
        return (a * a - b * b) * p + a * b * q - y

    def noisy(theta, rows, rng, wrong, memory):
        s = sigma * 1.5 if wrong == 'another sigma' else sigma
        if wrong == 'once':
            if 'y' not in memory:
                memory['y'] = y + s * rng.normal(size=(len(theta), len(y)))
            targets = np.take_along_axis(memory['y'], rows, 1)
        else:
            targets = y[rows] + s * rng.normal(size=rows.shape)
        a, b = theta[:, :1], theta[:, 1:]
        r = 2 * residuals(theta, p[rows], q[rows], targets)
        return np.stack([(r * (2 * a * p[rows] + b * q[rows])).mean(1),
                         (r * (a * q[rows] - 2 * b * p[rows])).mean(1)], axis=1)

    return len(y), start, lambda theta: (residuals(theta, p, q, y)**2).mean(1), noisy, lambda batch: {
        'formula': {'variables': ['a', 'b'], 'expression': '((a^2 - b^2)*p + a*b*q - y)^2', 'batch': batch,
                    'data': {'columns': {'p': p.tolist(), 'q': q.tolist(), 'y': y.tolist()}, 'targets': ['y']},
                    'labelNoise': {'sigma': sigma}}}


def losses(problem, eta, steps, batch, seed, wrong=None):
    count, start, exact, noisy, _ = problem
    rng = np.random.default_rng(seed)
    theta, memory = np.tile(start, (trials, 1)), {}
    for _ in range(steps):
        rows = rng.integers(0, count, (trials, batch)) if batch else np.tile(np.arange(count), (trials, 1))
        theta = theta - eta * noisy(theta, rows, rng, wrong, memory)
    return [float(f'{x:.7g}') for x in np.sort(exact(theta))]


rng = np.random.default_rng(20261201)


def network(layers, **noise):
    inputs = rng.uniform(-1, 1, (20, layers[0]))
    if 'flip' in noise:
        score = inputs @ rng.normal(size=(layers[0], layers[-1]))
        targets = np.eye(layers[-1])[score.argmax(1)]
    else:
        targets = np.sin(inputs @ rng.normal(0, 2, (layers[0], layers[-1])))
    d = sum(layers[k + 1] * (layers[k] + 1) for k in range(len(layers) - 1))
    return of_network(layers, inputs, targets, rng.normal(0, 0.7, d), **noise)


cases = [
    ('dropout in two hidden layers', network([3, 6, 5, 2], dropout=[0.3, 0.5]), 0.2, 40, 4,
     ['not rescaled', 'another probability', 'one mask a batch']),
    ('dropout, all samples', network([2, 8, 1], dropout=[0.4]), 0.03, 40, None, ['another probability']),
    ('flipped classes', network([2, 5, 3], flip=0.3, softmax=True), 0.5, 60, 5,
     ['once', 'own class too', 'another probability']),
    ('noise on the targets of a network', network([2, 4, 2], sigma=0.8), 0.3, 60, None, ['once', 'another sigma']),
    ('noise on the targets of a formula',
     of_formula(rng.normal(size=15), rng.normal(size=15), rng.normal(size=15), np.array([1.2, 0.3]), 2.0),
     0.03, 60, 2, ['once', 'another sigma']),
]

if __name__ == '__main__':
    print(json.dumps([{
        'name': name, 'landscape': problem[4](batch or 'full'), 'start': problem[1].tolist(), 'eta': eta,
        'steps': steps, 'losses': losses(problem, eta, steps, batch, 10 * k),
        'wrong': {w: losses(problem, eta, steps, batch, 10 * k + 1, w) for w in wrongs},
    } for k, (name, problem, eta, steps, batch, wrongs) in enumerate(cases)]).replace('], "', '],\n"')
        .replace('}, {', '},\n{'))
