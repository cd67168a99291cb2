"""The trials of a cell in Numba: first exits of the double well L(x) = (x^2 - 1)^2 / 4."""

import math

import numpy as np
from numba import njit

START = -1.0
WALL = 0.0

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True)
def _mixed(z):
    """The output function of SplitMix64 (Steele, Lea and Flood 2014)."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(cache=True)
def _stream(cell, trial):
    """
    The state of SplitMix64 with which a trial begins. Each trial has 64 bits of its own, so that its numbers depend
    neither on the tasks nor on who computes it; NumPy's seeds in Numba have 32 bits, and among 10^6 trials some would
    be equal.
    """
    return _mixed(_mixed(np.uint64(cell) + _GOLDEN) + np.uint64(trial) * _GOLDEN)


@njit(cache=True)
def _normals(state):
    """Two independent normals by Box and Muller, and the next state."""
    state += _GOLDEN
    # In (0, 1], so that the logarithm is finite.
    first = (np.float64(_mixed(state) >> np.uint64(11)) + 1.0) * 2.0**-53
    state += _GOLDEN
    angle = 2.0 * math.pi * np.float64(_mixed(state) >> np.uint64(11)) * 2.0**-53
    radius = math.sqrt(-2.0 * math.log(first))
    return radius * math.cos(angle), radius * math.sin(angle), state


@njit(cache=True)
def run_cells(cells, etas, sigmas, trials, steps, escaped_at, loss, distance, x):
    """
    Runs the trials of some cells. Of each trial: the step of its exit (0: none), and at its end the loss, the distance
    from the minimum at -1 and the position; arrays of len(cells) x trials, which are written.
    """
    for place in range(len(cells)):
        eta = etas[place]
        sigma = sigmas[place]
        for trial in range(trials):
            state = _stream(cells[place], trial)
            theta = START
            spare = 0.0
            exit_step = 0
            for step in range(1, steps + 1):
                if step & 1:
                    xi, spare, state = _normals(state)
                else:
                    xi = spare
                theta -= eta * (theta * (theta * theta - 1.0) + sigma * xi)
                if theta >= WALL:
                    exit_step = step
                    break
            well = theta * theta - 1.0
            escaped_at[place, trial] = exit_step
            loss[place, trial] = well * well / 4.0
            distance[place, trial] = abs(theta - START)
            x[place, trial] = theta
