"""A tanh network with softmax and cross-entropy in NumPy: descent on mini-batches with Gaussian noise on the gradient,
or its loss over all samples.

python3 batches.py WHAT WIDTH INPUTS HIDDEN OUTPUTS SAMPLES BATCH TRIALS STEPS ETA SIGMA SEED DATA  ->  one JSON line:
steps, loss, seconds

WHAT `steps` takes steps, `losses` computes the loss as often. WIDTH is the number of trials side by side, in stacked
matrices. Samples are the last axis of all layers, so that softmax runs along them. The clock starts after a first step.
"""

import json
import sys
import time

import numpy

what = sys.argv[1]
width, inputs, hidden, outputs, samples, batch, trials, steps = map(int, sys.argv[2:10])
eta, sigma, seed = float(sys.argv[10]), float(sys.argv[11]), int(sys.argv[12])
data = numpy.fromfile(sys.argv[13]).reshape(samples, inputs + outputs)
X, T = numpy.ascontiguousarray(data[:, :inputs]), numpy.ascontiguousarray(data[:, inputs:])
labels, places = T.argmax(1), numpy.arange(samples)
stream = numpy.random.Generator(numpy.random.SFC64(seed))
shapes = [(hidden, inputs), (hidden, 1), (outputs, hidden), (outputs, 1)]
ends = numpy.cumsum([rows * columns for rows, columns in shapes])
lead = () if width == 1 else (width,)


def views(theta):
    """Weights and biases as views of one array, so that noise and step are one operation for all of them."""
    return [part.reshape(lead + shape) for part, shape in zip(numpy.split(theta, ends[:-1], axis=-1), shapes)]


def initial():
    theta = numpy.zeros(lead + (ends[-1],))
    for w in views(theta)[::2]:
        w[...] = stream.normal(0, numpy.sqrt(2 / sum(w.shape[-2:])), w.shape)
    return theta


def layers(count, lead=lead):
    return numpy.empty(lead + (hidden, count)), numpy.empty(lead + (outputs, count))


def forward(w0, b0, w1, b1, x, a, z):
    """The largest output of each sample becomes 0."""
    numpy.matmul(w0, x, out=a)
    a += b0
    numpy.tanh(a, out=a)
    numpy.matmul(w1, a, out=z)
    z += b1
    z -= z.max(-2, keepdims=True)


def loss(parameters, a, z):
    forward(*parameters, X.T, a, z)
    chosen = z[labels, places].sum()
    numpy.exp(z, out=z)
    return (numpy.log(z.sum(0)).sum() - chosen) / samples


def descend(theta):
    """Processor time of the steps."""
    gradient, noise = numpy.empty_like(theta), numpy.empty_like(theta)
    (w0, b0, w1, b1), (g0, c0, g1, c1) = views(theta), views(gradient)
    x, t = numpy.empty(lead + (batch, inputs)), numpy.empty(lead + (batch, outputs))
    (a, z), back = layers(batch), layers(batch)[0]
    for step in range(-1, steps):
        if step == 0:
            begin = time.process_time()
        chosen = stream.integers(0, samples, lead + (batch,))
        numpy.take(X, chosen, axis=0, out=x, mode="clip")
        numpy.take(T, chosen, axis=0, out=t, mode="clip")
        forward(w0, b0, w1, b1, x.swapaxes(-1, -2), a, z)
        numpy.exp(z, out=z)
        z /= z.sum(-2, keepdims=True)
        z -= t.swapaxes(-1, -2)
        z *= eta / batch
        numpy.matmul(w1.swapaxes(-1, -2), z, out=back)
        numpy.matmul(z, a.swapaxes(-1, -2), out=g1)
        numpy.sum(z, axis=-1, keepdims=True, out=c1)
        a *= a
        numpy.subtract(1, a, out=a)
        back *= a
        numpy.matmul(back, x, out=g0)
        numpy.sum(back, axis=-1, keepdims=True, out=c0)
        stream.standard_normal(out=noise)
        noise *= eta * sigma
        gradient += noise
        theta -= gradient
    return time.process_time() - begin


def evaluate(theta):
    """Processor time of the losses."""
    (a, z), parameters = layers(samples, ()), views(theta)
    loss(parameters, a, z)
    begin = time.process_time()
    for _ in range(steps):
        loss(parameters, a, z)
    return time.process_time() - begin


seconds = 0
for _ in range(0, trials, width):
    theta = initial()
    seconds += {"steps": descend, "losses": evaluate}[what](theta)
first = [part if width == 1 else part[0] for part in views(theta)]
print(json.dumps({"steps": trials * steps, "loss": loss(first, *layers(samples, ())), "seconds": seconds}))
