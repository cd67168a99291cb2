"""Loss, gradient, accuracy, sharpness and trace of the Hessian of twenty random networks, as JSON for oracle.test.ts.

    python3 test/networks/oracle.py > test/networks/oracle.json

Every number carries its first and second derivatives by all weights and biases (second-order Taylor arithmetic), so
nothing is propagated backward and no difference is taken. Arithmetic is in long double, eigenvalues in double. The
program shares no code with Drift Farm and needs NumPy.
"""
import json

import numpy as np

real = np.longdouble


class Taylor:
    """Arrays of numbers: values (s, n), first derivatives (s, n, d), second derivatives (s, n, d, d)."""

    def __init__(self, value, first, second):
        self.value, self.first, self.second = value, first, second

    def apply(self, value, slope, bend):
        outer = self.first[..., :, None] * self.first[..., None, :]
        return Taylor(value, slope[..., None] * self.first,
                      slope[..., None, None] * self.second + bend[..., None, None] * outer)

    def __add__(self, other):
        return Taylor(self.value + other.value, self.first + other.first, self.second + other.second)

    def __mul__(self, other):
        cross = self.first[..., :, None] * other.first[..., None, :]
        return Taylor(
            self.value * other.value,
            self.value[..., None] * other.first + other.value[..., None] * self.first,
            self.value[..., None, None] * other.second + other.value[..., None, None] * self.second
            + cross + np.swapaxes(cross, -1, -2))

    def scaled(self, by):
        by = np.asarray(by, real)
        return Taylor(by * self.value, by[..., None] * self.first, by[..., None, None] * self.second)

    def total(self):
        return Taylor(self.value.sum(1, keepdims=True), self.first.sum(1, keepdims=True),
                      self.second.sum(1, keepdims=True))


def exp(x):
    return x.apply(np.exp(x.value), np.exp(x.value), np.exp(x.value))


def log(x):
    return x.apply(np.log(x.value), 1 / x.value, -1 / x.value**2)


def reciprocal(x):
    return x.apply(1 / x.value, -1 / x.value**2, 2 / x.value**3)


def logistic(z):
    f = 1 / (1 + np.exp(-z))
    return f, f * (1 - f), f * (1 - f) * (1 - 2 * f)


def activate(name, z):
    x = z.value
    zero, one = np.zeros_like(x), np.ones_like(x)
    return z.apply(*{
        'tanh': lambda: (np.tanh(x), 1 / np.cosh(x)**2, -2 * np.tanh(x) / np.cosh(x)**2),
        'sigmoid': lambda: logistic(x),
        'relu': lambda: (np.maximum(x, 0), (x > 0) * one, zero),
        'leaky-relu': lambda: (np.where(x > 0, x, real(0.01) * x), np.where(x > 0, one, real(0.01)), zero),
        'softplus': lambda: (np.log1p(np.exp(x)), *logistic(x)[:2]),
        'sin': lambda: (np.sin(x), np.cos(x), -np.sin(x)),
        'identity': lambda: (x, one, zero),
    }[name]())


def outputs(net, theta, inputs):
    """The pre-activations of the last layer."""
    d = theta.size
    at = 0
    a = Taylor(inputs, np.zeros((*inputs.shape, d), real), np.zeros((*inputs.shape, d, d), real))
    for k in range(len(net['layers']) - 1):
        n, m = net['layers'][k], net['layers'][k + 1]
        w = theta[at:at + n * m].reshape(m, n)
        first = np.einsum('mn,snd->smd', w, a.first)
        second = np.einsum('mn,snde->smde', w, a.second)
        value = a.value @ w.T
        for i in range(m):
            for j in range(n):
                c = at + i * n + j
                first[:, i, c] += a.value[:, j]
                second[:, i, c, :] += a.first[:, j, :]
                second[:, i, :, c] += a.first[:, j, :]
        at += n * m
        if net['biases']:
            value = value + theta[at:at + m]
            for i in range(m):
                first[:, i, at + i] += 1
            at += m
        a = Taylor(value, first, second)
        if k < len(net['layers']) - 2:
            a = activate(net['activation'], a)
    return a


def losses(net, z, targets):
    """The loss of each sample, and the outputs of the network."""
    if net['output'] == 'softmax':
        z = z + Taylor(-z.value.max(1, keepdims=True), np.zeros((1, 1, 1), real), np.zeros((1, 1, 1, 1), real))
        e = exp(z)
        f = e * reciprocal(e.total())
    elif net['output'] == 'sigmoid':
        f = z.apply(*logistic(z.value))
    else:
        f = z
    constant = lambda x: Taylor(x, np.zeros((1, 1, 1), real), np.zeros((1, 1, 1, 1), real))
    if net['loss'] == 'mse':
        rest = f + constant(-targets)
        return (rest * rest).total(), f.value, targets.shape[1]
    if net['output'] == 'softmax':
        return log(f).scaled(-targets).total(), f.value, 1
    one = constant(np.ones_like(targets))
    against = log(one + f.scaled(-np.ones_like(targets))).scaled(-(1 - targets))
    return (log(f).scaled(-targets) + against).total(), f.value, targets.shape[1]


def accuracy(f, targets):
    if targets.shape[1] > 1:
        return float(np.mean(f.argmax(1) == targets.argmax(1)))
    if not np.all((targets == 0) | (targets == 1)):
        return None
    return float(np.mean((f[:, 0] >= 0.5) == (targets[:, 0] >= 0.5)))


def study(net):
    theta = np.array(net['theta'], real)
    table = np.array(net['data'], real)
    n = net['layers'][0]
    each, f, terms = losses(net, outputs(net, theta, table[:, :n]), table[:, n:])
    isDecayed = []
    for n, m in zip(net['layers'], net['layers'][1:]):
        isDecayed += [1] * (n * m) + [int(net['decayBias'])] * (m if net['biases'] else 0)
    decayed = np.array(isDecayed, real) * real(net['decay'])
    over = len(table) * terms
    hessian = each.second.sum((0, 1)) / over + 2 * np.diag(decayed)
    eigenvalues = np.linalg.eigvalsh(hessian.astype(float))
    return {
        'loss': float(each.value.sum() / over + (decayed * theta**2).sum()),
        'gradient': [float(x) for x in each.first.sum((0, 1)) / over + 2 * decayed * theta],
        'accuracy': accuracy(f, table[:, net['layers'][0]:]),
        'sharpness': float(eigenvalues[-1]),
        'trace': float(np.trace(hessian)),
        'eigenvalues': [float(x) for x in eigenvalues],
    }


activations = ['tanh', 'sigmoid', 'relu', 'leaky-relu', 'softplus', 'sin', 'identity']
endings = [('identity', 'mse'), ('sigmoid', 'mse'), ('sigmoid', 'cross-entropy'), ('softmax', 'mse'),
           ('softmax', 'cross-entropy')]


def network(index):
    rng = np.random.default_rng(4600 + index)
    output, loss = endings[index % 5]
    layers = [int(x) for x in rng.integers(1, 5, 2 + index % 4)]
    if output == 'softmax':
        layers[-1] = max(2, layers[-1])
    biases = index % 4 != 1
    dimension = sum(n * m + (m if biases else 0) for n, m in zip(layers, layers[1:]))
    rows = int(rng.integers(1, 14))
    inputs = rng.uniform(-1, 1, (rows, layers[0]))
    if loss == 'cross-entropy' and output == 'softmax':
        targets = np.eye(layers[-1])[rng.integers(0, layers[-1], rows)]
    elif output == 'identity':
        targets = rng.uniform(-1, 1, (rows, layers[-1]))
    else:
        targets = rng.integers(0, 2, (rows, layers[-1])).astype(float)
    net = {
        'layers': layers,
        'activation': activations[index % 7],
        'output': output,
        'loss': loss,
        'biases': biases,
        'decay': float(index % 3) / 100,
        'decayBias': index % 8 < 4,
        'data': np.concatenate([inputs, targets], 1).tolist(),
        'theta': rng.normal(0, 1, dimension).tolist(),
    }
    return {**net, 'expected': study(net)}


if __name__ == '__main__':
    print('[\n' + ',\n'.join(json.dumps(network(index)) for index in range(20)) + '\n]')
