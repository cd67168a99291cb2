"""The experiment of digits.ts in NumPy: a tanh network 64-32-10 learns handwritten digits by descent on mini-batches
of 32 with Gaussian noise on the gradient. The mark is the first step at which the loss over all samples is at most
0.05.

python3 digits.py LAYOUT TRIALS STEPS EVERY SIGMA SEED FILE  ->  one JSON line: trials, reached, mean step of
the mark, seconds of processor time of the whole process

LAYOUT `one` runs one trial after another, `side` runs blocks of trials in stacked matrices. EVERY: steps between two
evaluations of the mark. FILE holds a row of 65 bytes for each sample, 64 pixels and the digit.
"""

import json
import sys
import time

import numpy

layout = sys.argv[1]
trials, steps, every = map(int, sys.argv[2:5])
sigma, seed = float(sys.argv[5]), int(sys.argv[6])
raw = numpy.fromfile(sys.argv[7], dtype=numpy.uint8).reshape(-1, 65)
labels = raw[:, 64].astype(numpy.intp)
X = raw[:, :64].astype(numpy.float64)
deviation = X.std(0)
X = numpy.ascontiguousarray((X - X.mean(0)) / numpy.where(deviation == 0, 1, deviation))
T = numpy.eye(10)[labels]
samples = len(X)
inputs, hidden, outputs, batch = 64, 32, 10, 32
eta, limit = 0.1, 0.05
sizes = [inputs * hidden, hidden, hidden * outputs, outputs]
ends = numpy.cumsum(sizes)
of_label = numpy.arange(samples) * outputs + labels


def views(theta):
    """Weights and biases as views of one array, so that noise and step are one operation for all of them."""
    lead = theta.shape[:-1]
    w0, b0, w1, b1 = numpy.split(theta, ends[:-1], axis=-1)
    shapes = [(inputs, hidden), (1, hidden), (hidden, outputs), (1, outputs)]
    return [part.reshape(lead + shape) for part, shape in zip((w0, b0, w1, b1), shapes)]


def initial(stream, lead):
    theta = numpy.zeros(lead + (ends[-1],))
    w0, _, w1, _ = views(theta)
    w0[...] = stream.normal(0, numpy.sqrt(2 / (inputs + hidden)), w0.shape)
    w1[...] = stream.normal(0, numpy.sqrt(2 / (hidden + outputs)), w1.shape)
    return theta


A, Z = numpy.empty((samples, hidden)), numpy.empty((samples, outputs))


def full_loss(w0, b0, w1, b1):
    numpy.matmul(X, w0, out=A)
    numpy.add(A, b0, out=A)
    numpy.tanh(A, out=A)
    numpy.matmul(A, w1, out=Z)
    numpy.add(Z, b1, out=Z)
    numpy.subtract(Z, Z.max(1, keepdims=True), out=Z)
    chosen = Z.ravel()[of_label]
    numpy.exp(Z, out=Z)
    return (numpy.log(Z.sum(1)).sum() - chosen.sum()) / samples


def marks(stream, count):
    """Step of the mark of each of `count` trials, None without one. `count` 1 has plain matrices, else stacks."""
    lead = () if count == 1 else (count,)
    theta = initial(stream, lead)
    gradient, noise = numpy.empty_like(theta), numpy.empty_like(theta)
    (w0, b0, w1, b1), (g0, c0, g1, c1) = views(theta), views(gradient)
    x, t = numpy.empty(lead + (batch, inputs)), numpy.empty(lead + (batch, outputs))
    a, back = numpy.empty(lead + (batch, hidden)), numpy.empty(lead + (batch, hidden))
    z = numpy.empty(lead + (batch, outputs))
    found = [None] * count
    open_trials = list(range(count))
    for n in range(1, steps + 1):
        chosen = stream.integers(0, samples, lead + (batch,))
        numpy.take(X, chosen, axis=0, out=x, mode="clip")
        numpy.take(T, chosen, axis=0, out=t, mode="clip")
        numpy.matmul(x, w0, out=a)
        numpy.add(a, b0, out=a)
        numpy.tanh(a, out=a)
        numpy.matmul(a, w1, out=z)
        numpy.add(z, b1, out=z)
        numpy.subtract(z, z.max(-1, keepdims=True), out=z)
        numpy.exp(z, out=z)
        numpy.divide(z, z.sum(-1, keepdims=True), out=z)
        numpy.subtract(z, t, out=z)
        numpy.divide(z, batch, out=z)
        numpy.matmul(z, w1.swapaxes(-1, -2), out=back)
        numpy.matmul(a.swapaxes(-1, -2), z, out=g1)
        numpy.sum(z, axis=-2, keepdims=True, out=c1)
        numpy.multiply(a, a, out=a)
        numpy.subtract(1, a, out=a)
        numpy.multiply(back, a, out=back)
        numpy.matmul(x.swapaxes(-1, -2), back, out=g0)
        numpy.sum(back, axis=-2, keepdims=True, out=c0)
        if sigma > 0:
            stream.standard_normal(out=noise)
            numpy.multiply(noise, sigma, out=noise)
            numpy.add(gradient, noise, out=gradient)
        numpy.multiply(gradient, eta, out=gradient)
        numpy.subtract(theta, gradient, out=theta)
        if n % every == 0 and open_trials:
            for k in list(open_trials):
                at = [w if count == 1 else w[k] for w in (w0, b0, w1, b1)]
                if full_loss(*at) <= limit:
                    found[k] = n
                    open_trials.remove(k)
    return found


width = 1 if layout == "one" else 20
found = []
for first in range(0, trials, width):
    stream = numpy.random.Generator(numpy.random.SFC64([seed, first]))
    found += marks(stream, min(width, trials - first))
reached = [step for step in found if step is not None]
step = sum(reached) / max(1, len(reached))
print(json.dumps({"trials": trials, "reached": len(reached), "step": step, "processor": time.process_time()}))
