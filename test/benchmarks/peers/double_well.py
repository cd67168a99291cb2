"""
First exits of the double well over step sizes and scales of drift, as a careful user of Dask and Numba would compute
them: cells are divided among the processes of a local cluster, and what comes back is stored in SQLite, a row a trial
and a row a cell. Prints one line of JSON.
"""

import argparse
import json
import logging
import math
import os
import resource
import sqlite3
import time

import numpy as np
import psutil
from distributed import Client, LocalCluster, as_completed

from interval import clopper_pearson
from kernel import run_cells

PROCESSES = 2

TABLES = """
create table trial (
  cell integer not null, trial integer not null, escaped_at integer, loss real not null, distance real not null,
  x real not null, primary key (cell, trial)) without rowid;
create table cell (
  cell integer primary key, eta real not null, sigma real not null, trials integer not null, escapes integer not null,
  estimate real not null, low real not null, high real not null);
"""


def grid(cells):
    """Step sizes and scales of drift of all cells: as many values of each as make a grid that is nearly square."""
    rows = max(side for side in range(1, math.isqrt(cells) + 1) if cells % side == 0)
    etas, sigmas = np.meshgrid(np.linspace(0.05, 0.2, rows), np.linspace(0.2, 1.5, cells // rows), indexing="ij")
    return etas.ravel(), sigmas.ravel()


def compute(cells, etas, sigmas, trials, steps, rows):
    """A task: the trials of some cells, as columns, and how many of each cell escaped."""
    shape = (len(cells), trials)
    columns = (np.empty(shape, dtype=np.int64), np.empty(shape), np.empty(shape), np.empty(shape))
    run_cells(cells, etas, sigmas, trials, steps, *columns)
    escapes = np.count_nonzero(columns[0], axis=1)
    return cells, escapes, columns if rows else None


def warm():
    """Loads the compiled kernel, or compiles it."""
    compute(np.zeros(1, dtype=np.int64), np.array([0.1]), np.array([0.5]), 1, 1, True)


def insert_trials(database, cells, columns):
    """Stores the trials of a task in one transaction."""
    trials = columns[0].shape[1]
    names = (np.repeat(cells, trials), np.tile(np.arange(trials), len(cells)))
    escaped_at, *ends = (column.ravel().tolist() for column in columns)
    rows = zip(*(name.tolist() for name in names), [step or None for step in escaped_at], *ends)
    with database:
        database.executemany("insert into trial values (?, ?, ?, ?, ?, ?)", rows)


def insert_cells(database, etas, sigmas, trials, escapes):
    low, high = clopper_pearson(escapes, trials)
    columns = (etas, sigmas, np.full(len(etas), trials), escapes, escapes / trials, low, high)
    with database:
        rows = zip(range(len(etas)), *(column.tolist() for column in columns))
        database.executemany("insert into cell values (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=10_000)
    parser.add_argument("--trials", type=int, default=100, help="of each cell")
    parser.add_argument("--steps", type=int, default=100, help="of each trial")
    parser.add_argument("--cells-per-task", type=int, default=100)
    parser.add_argument("--rows", action=argparse.BooleanOptionalAction, default=True, help="keep a row a trial")
    parser.add_argument("-o", "--output", required=True, help="the file of SQLite, which is written anew")
    given = parser.parse_args()

    etas, sigmas = grid(given.cells)
    if os.path.exists(given.output):
        os.remove(given.output)
    database = sqlite3.connect(given.output)
    # As durable as the default, with fewer writes.
    database.execute("pragma journal_mode = wal")
    database.execute("pragma synchronous = full")
    database.executescript(TABLES)
    # Workers complain of the scheduler's end when the cluster is closed; what a task throws is thrown here too.
    cluster = LocalCluster(
        n_workers=PROCESSES,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        silence_logs=logging.CRITICAL,
    )
    with cluster, Client(cluster) as client:
        client.run(warm)
        clopper_pearson(np.array([1]), 2)

        started = time.monotonic()
        indices = np.arange(given.cells)
        slices = [slice(at, at + given.cells_per_task) for at in range(0, given.cells, given.cells_per_task)]
        of_trials = (given.trials, given.steps, given.rows)
        futures = [
            client.submit(compute, indices[part], etas[part], sigmas[part], *of_trials, pure=False) for part in slices
        ]
        escapes = np.zeros(given.cells, dtype=np.int64)
        waiting = as_completed(futures, with_results=True)
        # The results of a task are let go when they are stored.
        del futures
        for future, (cells, escaped, columns) in waiting:
            escapes[cells] = escaped
            if columns is not None:
                insert_trials(database, cells, columns)
            future.release()
        insert_cells(database, etas, sigmas, given.trials, escapes)
        database.close()
        ended = time.monotonic()
        peak = peak_mb() + sum(client.run(peak_mb).values())

    # The processes of the cluster have ended, and so count as children.
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    answer = {
        "cells": given.cells,
        "trials": given.trials,
        "wallSeconds": round(time.time() - psutil.Process().create_time(), 3),
        "secondsWithoutStart": round(ended - started, 3),
        "cpuSeconds": round(sum(each.ru_utime + each.ru_stime for each in used), 3),
        "peakMB": round(peak, 1),
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
