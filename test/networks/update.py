"""Training of a small network with AdamW, SAM, clipping, warm-up and step sizes by layer, in NumPy.

Prints update.json: samples, a start, trajectories without randomness, and losses of trials with mini-batches and
injected Gaussian noise. Each case has variants that are wrong on purpose. Needs numpy 2.
"""
import json
import numpy as np

layers = [3, 4, 2]
shapes = [(layers[k + 1], layers[k]) for k in range(2)]
d = sum(a * b + a for a, b in shapes)
rng = np.random.default_rng(20260411)
inputs = rng.uniform(-1, 1, (24, 3))
targets = np.stack([np.sin(2 * inputs[:, 0]) + inputs[:, 1], inputs[:, 1] * inputs[:, 2]], axis=1)
start = rng.normal(0, 0.6, d)


def parts(theta):
    """Weights and biases of both layers; theta is (trials, d)."""
    at = 0
    for a, b in shapes:
        yield theta[:, at:at + a * b].reshape(-1, a, b), theta[:, at + a * b:at + a * b + a]
        at += a * b + a


def passes(theta, x, t):
    """Loss and gradient for samples x (trials, samples, 3) and t (trials, samples, 2)."""
    (w0, b0), (w1, b1) = parts(theta)
    h = np.tanh(np.einsum('rij,rsj->rsi', w0, x) + b0[:, None])
    f = np.einsum('rij,rsj->rsi', w1, h) + b1[:, None]
    error = 2 * (f - t) / (t.shape[1] * t.shape[2])
    back = np.einsum('rij,rsi->rsj', w1, error) * (1 - h**2)
    grads = [np.einsum('rsi,rsj->rij', back, x), back.sum(1), np.einsum('rsi,rsj->rij', error, h), error.sum(1)]
    flat = [g.reshape(len(theta), -1) for g in grads]
    return ((f - t)**2).mean((1, 2)), np.concatenate(flat, axis=1)


def all_samples(theta):
    many = (len(theta),)
    return passes(theta, np.broadcast_to(inputs, many + inputs.shape), np.broadcast_to(targets, many + targets.shape))


def norm(g):
    return np.sqrt((g**2).sum(1, keepdims=True))


def train(update, steps, trials=1, batch=None, seed=0, wrong=None, keep=()):
    """Theta after `steps` steps of each trial; with `keep`, theta of the first trial at these steps."""
    rng = np.random.default_rng(seed)
    theta = np.tile(start, (trials, 1))
    kept = []
    m, v = np.zeros_like(theta), np.zeros_like(theta)
    factors = np.repeat(update.get('etaByLayer', [1, 1]), [a * b + a for a, b in shapes])
    sigma = update.get('drift', {}).get('sigma', 0)
    rule, decay = update.get('rule', 'gradient'), update.get('decoupledDecay', 0)
    for n in range(steps):
        def draw():
            rows = rng.integers(0, len(inputs), (trials, batch))
            return inputs[rows], targets[rows]
        chosen = draw() if batch else None
        def gradient(at):
            return (passes(at, *chosen) if batch else all_samples(at))[1]
        g = gradient(theta)
        if 'sam' in update and wrong != 'no sam':
            if wrong == 'another batch':
                chosen = draw()
            g = gradient(theta + update['sam']['rho'] * g / norm(g))
        noise = sigma * rng.normal(size=theta.shape)
        if 'clip' in update and wrong not in ('no clip', 'clip after noise'):
            g = g * np.minimum(1, update['clip'] / norm(g))
        if wrong == 'l2':
            g = g + decay * theta
        g = g + noise
        if wrong == 'clip after noise':
            g = g * np.minimum(1, update['clip'] / norm(g))
        eta = update['eta'] * factors
        if 'warmup' in update and wrong != 'no warmup':
            eta = eta * min(1, (n + 1) / update['warmup'])
        if wrong not in ('l2', 'no decay'):
            theta = theta * (1 - eta * decay)
        if rule == 'gradient':
            theta = theta - eta * g
        elif rule == 'momentum':
            v = update['beta'] * v - eta * g
            theta = theta + v
        elif rule == 'nesterov':
            v = update['beta'] * v + g
            theta = theta - eta * (g + update['beta'] * v)
        else:
            b1, b2, t = 0.9, 0.999, n + 1
            m = b1 * m + (1 - b1) * g
            v = b2 * v + (1 - b2) * g**2
            theta = theta - eta * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + 1e-8)
        if n + 1 in keep:
            kept.append(theta[0].tolist())
    return kept if keep else theta


exact = [
    {'rule': 'adam', 'eta': 0.05, 'decoupledDecay': 0.5},
    {'rule': 'momentum', 'beta': 0.8, 'eta': 0.1, 'sam': {'rho': 0.4}},
    {'eta': 0.5, 'clip': 0.3},
    {'rule': 'nesterov', 'beta': 0.7, 'eta': 0.2, 'warmup': 12},
    {'rule': 'momentum', 'beta': 0.5, 'eta': 0.2, 'etaByLayer': [0.3, 1.5]},
    {'rule': 'adam', 'eta': 0.05, 'decoupledDecay': 0.5, 'sam': {'rho': 0.4}, 'clip': 0.2, 'warmup': 12,
     'etaByLayer': [1.5, 0.3]},
]
noise = {'sigma': 0.2}
sampled = [
    ({'rule': 'adam', 'eta': 0.05, 'decoupledDecay': 2, 'drift': noise}, ['l2', 'no decay']),
    ({'eta': 0.6, 'sam': {'rho': 1}, 'drift': noise}, ['no sam', 'another batch']),
    ({'eta': 0.5, 'clip': 0.4, 'drift': noise}, ['no clip', 'clip after noise']),
    ({'eta': 0.5, 'warmup': 100, 'drift': noise}, ['no warmup']),
]
keep, steps, trials, batch = [1, 10, 40], 30, 400, 2


def losses(update, seed, wrong=None):
    theta = train(update, steps, trials, batch, seed, wrong)
    return [float(f'{x:.8g}') for x in np.sort(all_samples(theta)[0])]


if __name__ == '__main__':
    print(json.dumps({
        'layers': layers, 'inputs': inputs.tolist(), 'targets': targets.tolist(), 'start': start.tolist(),
        'keep': keep, 'exact': [{'update': u, 'thetas': train(u, keep[-1], keep=keep)} for u in exact],
        'steps': steps, 'batch': batch, 'sampled': [
            {'update': u, 'losses': losses(u, 2 * k),
             'wrong': {w: losses(u, 2 * k + 1, w) for w in wrongs}} for k, (u, wrongs) in enumerate(sampled)],
    }).replace('], "', '],\n"').replace('}, {', '},\n{'))
