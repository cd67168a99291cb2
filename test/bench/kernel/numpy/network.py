"""The network of c/network.c in NumPy: up to 1,000 trials side by side.

python3 network.py LAYOUT INPUTS HIDDEN SAMPLES TRIALS STEPS ETA SIGMA SEED DATA  ->  one JSON line: steps, loss,
seconds

LAYOUT `matmul` keeps trials first and multiplies matrices trial by trial; `einsum` keeps them last, so that every
operation runs along them.
"""

import json
import sys
import time

import numpy

layout = sys.argv[1]
inputs, hidden, samples, trials, horizon = map(int, sys.argv[2:7])
eta, sigma, seed = float(sys.argv[7]), float(sys.argv[8]), int(sys.argv[9])
data = numpy.fromfile(sys.argv[10]).reshape(samples, inputs + 1)
x, target = numpy.ascontiguousarray(data[:, :inputs]), numpy.ascontiguousarray(data[:, inputs])
stream = numpy.random.Generator(numpy.random.SFC64(seed))
block = min(1000, trials)


def matmul():
    """Shapes: w (T, H, I), b (T, H, 1), u (T, 1, H), c (T, 1, 1); hidden values (T, H, S)."""
    w = 0.5 * stream.standard_normal((block, hidden, inputs))
    b = 0.5 * stream.standard_normal((block, hidden, 1))
    u = 0.5 * stream.standard_normal((block, 1, hidden))
    c = 0.5 * stream.standard_normal((block, 1, 1))
    transposed = numpy.ascontiguousarray(x.T)
    noise = [numpy.empty_like(p) for p in (w, b, u, c)]
    h = numpy.empty((block, hidden, samples))
    for n in range(horizon + 1):
        numpy.matmul(w, transposed, out=h)
        h += b
        numpy.tanh(h, out=h)
        error = u @ h
        error += c
        error -= target
        if n == horizon:
            return float(numpy.mean(error * error))
        error *= 2 / samples
        gradient_u = error @ h.transpose(0, 2, 1)
        gradient_c = error.sum(axis=2, keepdims=True)
        h *= h
        numpy.subtract(1, h, out=h)
        h *= error
        h *= u.transpose(0, 2, 1)
        for p, g, xi in zip((w, b, u, c), (h @ x, h.sum(axis=2, keepdims=True), gradient_u, gradient_c), noise):
            stream.standard_normal(out=xi)
            xi *= sigma
            g += xi
            g *= eta
            p -= g


def einsum():
    """Shapes: w (H, I, T), b (H, T), u (H, T), c (T); hidden values (S, H, T)."""
    w = 0.5 * stream.standard_normal((hidden, inputs, block))
    b = 0.5 * stream.standard_normal((hidden, block))
    u = 0.5 * stream.standard_normal((hidden, block))
    c = 0.5 * stream.standard_normal(block)
    noise = [numpy.empty_like(p) for p in (w, b, u, c)]
    h = numpy.empty((samples, hidden, block))
    for n in range(horizon + 1):
        # One product of matrices: (S, I) times (I, H T).
        numpy.matmul(x, w.transpose(1, 0, 2).reshape(inputs, -1), out=h.reshape(samples, -1))
        h += b
        numpy.tanh(h, out=h)
        error = numpy.einsum("sht,ht->st", h, u)
        error += c
        error -= target[:, None]
        if n == horizon:
            return float(numpy.mean(error * error))
        error *= 2 / samples
        gradient_u = numpy.einsum("sht,st->ht", h, error)
        h *= h
        numpy.subtract(1, h, out=h)
        h *= error[:, None, :]
        h *= u
        gradient_w = (x.T @ h.reshape(samples, -1)).reshape(inputs, hidden, block).transpose(1, 0, 2)
        for p, g, xi in zip((w, b, u, c), (gradient_w, h.sum(axis=0), gradient_u, error.sum(axis=0)), noise):
            stream.standard_normal(out=xi)
            xi *= sigma
            xi += g
            xi *= eta
            p -= xi


begin = time.process_time()
losses = [{"matmul": matmul, "einsum": einsum}[layout]() for _ in range(0, trials, block)]
seconds = time.process_time() - begin
print(json.dumps({"steps": len(losses) * block * horizon, "loss": sum(losses) / len(losses), "seconds": seconds}))
