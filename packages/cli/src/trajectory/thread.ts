import { parentPort, workerData } from 'node:worker_threads'
import { traceReference } from '@driftfarm/kernel'
import { coordinatesOf } from '@driftfarm/report'
import { headOf, lineOf } from './format.ts'
import type { TraceTask } from './trajectory.ts'

/** A message is sent as soon as it has this many characters. */
const pieceLength = 1 << 18
const maxWaiting = 8

const { cell, tables, trial, format, waiting } = workerData as TraceTask
const state = new Int32Array(waiting)
let piece = headOf(format, coordinatesOf(cell.landscape))

function send(): void {
  // Waits while too many messages are unwritten, so that memory use does not grow with the length of the trial.
  for (let count = Atomics.load(state, 0); count >= maxWaiting; count = Atomics.load(state, 0))
    Atomics.wait(state, 0, count)
  Atomics.add(state, 0, 1)
  parentPort?.postMessage(piece)
  piece = ''
}

traceReference(
  cell,
  trial,
  (step) => {
    piece += lineOf(format, step)
    if (piece.length >= pieceLength) send()
  },
  tables,
)
send()
parentPort?.postMessage(null)
