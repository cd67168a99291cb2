"""Symmetry of the units of networks: distances over all orders and signs of units, in NumPy without SciPy.

Prints symmetry.json. `pairs` are two random networks with one hidden layer, and the smallest distance over all orders
and signs by brute force, both in balanced form if units may be scaled. `copies` are a network and the same network with
its units permuted, flipped and scaled at random. In `broken`, only incoming weights are permuted. `deep` are copies of
networks with several hidden layers. `barriers` are a network, a noisy copy of it, and samples half of which each
network fits: `barrier` is the loss barrier between both, and `matched` the one between the nearest points. Every copy
is checked to compute the same function here. Needs numpy 2.
"""
import itertools
import json
import numpy as np

rng = np.random.default_rng(20261201)
activations = {
    'tanh': np.tanh,
    'sin': np.sin,
    'relu': lambda z: np.maximum(z, 0),
    'leaky-relu': lambda z: np.where(z > 0, z, 0.01 * z),
    'identity': lambda z: z,
    'sigmoid': lambda z: 1 / (1 + np.exp(-z)),
    'softplus': lambda z: np.logaddexp(0, z),
}
signs = {'tanh', 'sin', 'identity'}
scales = {'relu', 'leaky-relu', 'identity'}


def random(layers, biases):
    """A list of weights (outputs, inputs) and biases."""
    return [(rng.normal(0, 1, (b, a)), rng.normal(0, 1, b) * biases) for a, b in zip(layers, layers[1:])]


def flat(network, biases):
    return np.concatenate([np.concatenate([w.ravel(), b if biases else []]) for w, b in network])


def output(network, rho, x):
    for k, (w, b) in enumerate(network):
        x = w @ x + b[:, None]
        if k < len(network) - 1:
            x = rho(x)
    return x


def changed(network, hidden, order, factors, sign):
    """Unit i becomes unit order[i], times a sign, its incoming weights times a factor."""
    network = list(network)
    (w, b), (v, c) = network[hidden], network[hidden + 1]
    scale = sign * factors
    network[hidden] = (w[order] * scale[:, None], b[order] * scale)
    network[hidden + 1] = (v[:, order] * sign / factors, c)
    return network


def copy(network, activation):
    for hidden in range(len(network) - 1):
        units = len(network[hidden][1])
        sign = rng.choice([-1.0, 1.0], units) if activation in signs else np.ones(units)
        factors = np.exp(rng.normal(0, 0.7, units)) if activation in scales else np.ones(units)
        network = changed(network, hidden, rng.permutation(units), factors, sign)
    return network


def balanced(network):
    (w, b), (v, _) = network
    factors = np.sqrt(np.linalg.norm(v, axis=0) / np.sqrt((w**2).sum(1) + b**2))
    return changed(network, 0, np.arange(len(b)), factors, np.ones(len(b)))


def nearest(a, b, activation, biases):
    if activation in scales:
        a, b = balanced(a), balanced(b)
    units = len(b[0][1])
    flips = itertools.product([-1.0, 1.0], repeat=units) if activation in signs else [(1.0,) * units]
    flips = [np.array(each) for each in flips]
    goal = flat(a, biases)
    ways = itertools.product(itertools.permutations(range(units)), flips)
    all = [changed(b, 0, np.array(order), np.ones(units), sign) for order, sign in ways]
    distances = [np.linalg.norm(goal - flat(each, biases)) for each in all]
    return min(distances), a, all[int(np.argmin(distances))]


def barrier(a, b, activation, inputs, targets):
    def loss(network):
        return ((output(network, activations[activation], inputs) - targets)**2).mean()

    def between(s):
        return [((1 - s) * w + s * v, (1 - s) * c + s * d) for (w, c), (v, d) in zip(a, b)]

    return max(loss(between(s)) - (1 - s) * loss(a) - s * loss(b) for s in np.linspace(0, 1, 21))


def case(layers, activation, biases, a, b, **more):
    return {
        'layers': layers, 'activation': activation, 'biases': biases,
        'a': flat(a, biases).tolist(), 'b': flat(b, biases).tolist(), **more,
    }


def check(a, b, activation):
    x = rng.normal(0, 1, (a[0][0].shape[1], 5))
    rho = activations[activation]
    assert np.allclose(output(a, rho, x), output(b, rho, x), rtol=1e-9, atol=1e-9)


pairs, copies, broken, deep, barriers = [], [], [], [], []
for number, activation in enumerate([*activations, *activations]):
    biases = number % 3 != 1
    for units in ([1, 3, 5] if number < 7 else [2, 4]) + ([6] if activation in ('tanh', 'relu') and number < 7 else []):
        layers = [int(rng.integers(1, 4)), units, int(rng.integers(1, 3))]
        a, b = random(layers, biases), random(layers, biases)
        distance, _, _ = nearest(a, b, activation, biases)
        pairs.append(case(layers, activation, biases, a, b, distance=distance))
        same = copy(a, activation)
        check(a, same, activation)
        copies.append(case(layers, activation, biases, a, same))
        inputs = rng.normal(0, 1, (layers[0], 8))
        targets = output(a, activations[activation], inputs)
        noisy = [(w + 1.5 * rng.normal(0, 1, w.shape), c) for w, c in same]
        targets[:, ::2] = output(noisy, activations[activation], inputs)[:, ::2]
        _, start, end = nearest(a, noisy, activation, biases)
        values = {'barrier': barrier(a, noisy, activation, inputs, targets),
                  'matched': barrier(start, end, activation, inputs, targets)}
        samples = np.concatenate([inputs, targets]).T.tolist()
        barriers.append(case(layers, activation, biases, a, noisy, samples=samples, **values))
        if 1 < units < 6:
            (w, c), second = same
            wrong = [(np.roll(w, 1, axis=0), np.roll(c, 1)), second]
            distance, _, _ = nearest(a, wrong, activation, biases)
            assert distance > 0.05
            broken.append(case(layers, activation, biases, a, wrong, distance=distance))
    layers = [int(rng.integers(2, 5)), 6, 5, 2] if number < 7 else [3, 4, 5, 4, 2]
    a = random(layers, biases)
    same = copy(a, activation)
    check(a, same, activation)
    deep.append(case(layers, activation, biases, a, same))

print(json.dumps({'pairs': pairs, 'copies': copies, 'broken': broken, 'deep': deep, 'barriers': barriers}))
