// Moves one point of a network near to another by a symmetry of its units: `scalar/symmetry.ts` says how, operation by
// operation. One lane at a time; the coordinates of a point are doubles side by side.

import { POINT, squaredDistance } from './points'

const SWEEPS: i32 = 32
const BALANCED: f64 = 1e-12
const BALANCES: i32 = 100
const LARGEST_TOTAL: f64 = 1e300

// Lazy, for landscape.ts imports this file before it declares the constants.
// @ts-ignore: decorator
@lazy const ROW_OF: usize = SYMMETRY_ROWS
// @ts-ignore: decorator
@lazy const ROW: usize = (LARGEST_LAYER + 1) << 3
// @ts-ignore: decorator
@lazy const PREVIOUS: usize = ROW_OF + ROW
// @ts-ignore: decorator
@lazy const REACHED: usize = PREVIOUS + ROW
// @ts-ignore: decorator
@lazy const ROW_PRICES: usize = REACHED + ROW
// @ts-ignore: decorator
@lazy const COLUMN_PRICES: usize = ROW_PRICES + ROW
// @ts-ignore: decorator
@lazy const DISTANCES: usize = COLUMN_PRICES + ROW

/** The layer at hand, as `HiddenLayer` in model/symmetry.ts. */
let units: usize = 0
let inputs: usize = 0
let into: usize = 0
let biases: usize = 0
let outputs: usize = 0
let out: usize = 0
/** Number of incoming weights of a unit with its bias. */
let incoming: usize = 0
/** Number of weights by which units are compared. */
let compared: usize = 0

function takeLayer(index: i32): void {
  const at = HIDDEN_AT + <usize>index * 56
  units = load<usize>(at)
  inputs = load<usize>(at, 8)
  into = load<usize>(at, 16)
  incoming = inputs + load<usize>(at, 24)
  biases = load<usize>(at, 32)
  outputs = load<usize>(at, 40)
  out = load<usize>(at, 48)
  compared = incoming + outputs
}

/** Offset of weight k of a unit. */
// @ts-ignore: decorator
@inline
function placeOf(unit: usize, k: usize): usize {
  if (k < inputs) return (into + unit * inputs + k) << 3
  return (k < incoming ? biases + unit : out + (k - incoming) * units + unit) << 3
}

export function align(a: usize, b: usize): void {
  if (HOMOGENEOUS_UNITS && load<f64>(UNIT_DECAY) == 0) {
    balance(a)
    balance(b)
  }
  memory.copy(SYMMETRY_OTHER, b, POINT)
  sweep(a, b)
  if (HIDDEN_LAYERS == 1) return
  for (let layer = 0; layer < HIDDEN_LAYERS; layer++) {
    takeLayer(layer)
    compared = incoming
    match(a, SYMMETRY_OTHER)
  }
  sweep(a, SYMMETRY_OTHER)
  if (squaredDistance(a, SYMMETRY_OTHER) < squaredDistance(a, b)) memory.copy(b, SYMMETRY_OTHER, POINT)
}

function sweep(a: usize, b: usize): void {
  for (let swept = 0; swept < SWEEPS; swept++) {
    let changed = false
    for (let layer = 0; layer < HIDDEN_LAYERS; layer++) {
      takeLayer(layer)
      if (match(a, b)) changed = true
    }
    if (!changed || HIDDEN_LAYERS == 1) return
  }
}

function balance(point: usize): void {
  for (let sweep = 0; sweep < BALANCES; sweep++) {
    let most = 0.0
    for (let layer = 0; layer < HIDDEN_LAYERS; layer++) {
      takeLayer(layer)
      for (let unit: usize = 0; unit < units; unit++) {
        const before = squares(point, unit, 0, incoming)
        const after = squares(point, unit, incoming, incoming + outputs)
        const factor = sqrt(sqrt(after / before))
        if (!(before > 0 && after > 0 && factor > 0 && factor < Infinity)) continue
        for (let k: usize = 0; k < incoming + outputs; k++) {
          const at = point + placeOf(unit, k)
          store<f64>(at, k < incoming ? load<f64>(at) * factor : load<f64>(at) / factor)
        }
        const change = abs(factor - 1)
        if (most < change) most = change
      }
    }
    if (!(most > BALANCED)) return
  }
}

function squares(point: usize, unit: usize, from: usize, to: usize): f64 {
  let sum = -0.0
  for (let k = from; k < to; k++) {
    const x = load<f64>(point + placeOf(unit, k))
    sum += x * x
  }
  return sum
}

/** Squared distance of unit i of `a` from unit j of the copy of b, times the sign. */
function square(a: usize, i: usize, j: usize, sign: f64): f64 {
  let sum = -0.0
  for (let k: usize = 0; k < compared; k++) {
    const difference = load<f64>(a + placeOf(i, k)) - sign * load<f64>(SYMMETRY_COPY + placeOf(j, k))
    sum += difference * difference
  }
  return sum
}

function match(a: usize, b: usize): bool {
  memory.copy(SYMMETRY_COPY, b, POINT)
  let total = 0.0
  let present = 0.0
  for (let i: usize = 0; i < units; i++) {
    for (let j: usize = 0; j < units; j++) {
      const same = square(a, i, j, 1)
      const opposite = ODD_UNITS ? square(a, i, j, -1) : same
      store<f64>(costAt(i, j), opposite < same ? opposite : same)
      total += same + opposite
      if (i == j) present += same
    }
  }
  if (!(total < LARGEST_TOTAL)) return false
  assign()
  // The column of each row replaces the previous columns.
  for (let j: usize = 0; j < units; j++) store<usize>(PREVIOUS + (load<usize>(ROW_OF + (j << 3)) << 3), j)
  let best = 0.0
  for (let i: usize = 0; i < units; i++) best += load<f64>(costAt(i, load<usize>(PREVIOUS + (i << 3))))
  if (!(best < present)) return false
  for (let i: usize = 0; i < units; i++) {
    const j = load<usize>(PREVIOUS + (i << 3))
    const sign: f64 = ODD_UNITS && square(a, i, j, -1) < square(a, i, j, 1) ? -1 : 1
    for (let k: usize = 0; k < incoming + outputs; k++) {
      store<f64>(b + placeOf(i, k), sign * load<f64>(SYMMETRY_COPY + placeOf(j, k)))
    }
  }
  return true
}

// @ts-ignore: decorator
@inline
function costAt(row: usize, column: usize): usize {
  return SYMMETRY_COSTS + ((row * units + column) << 3)
}

function add(at: usize, value: f64): void {
  store<f64>(at, load<f64>(at) + value)
}

const NO_ROW: usize = <usize>-1

/** The row of each column, to ROW_OF. */
function assign(): void {
  memory.fill(ROW_PRICES, 0, 2 * ROW)
  for (let j: usize = 0; j <= units; j++) store<usize>(ROW_OF + (j << 3), NO_ROW)
  for (let added: usize = 0; added < units; added++) {
    for (let j: usize = 0; j < units; j++) store<f64>(DISTANCES + (j << 3), Infinity)
    memory.fill(REACHED, 0, ROW)
    let column = units
    store<usize>(ROW_OF + (units << 3), added)
    while (load<usize>(ROW_OF + (column << 3)) != NO_ROW) {
      store<usize>(REACHED + (column << 3), 1)
      const row = load<usize>(ROW_OF + (column << 3))
      let least = Infinity
      let next = units
      for (let j: usize = 0; j < units; j++) {
        if (load<usize>(REACHED + (j << 3))) continue
        const at = DISTANCES + (j << 3)
        const price = load<f64>(ROW_PRICES + (row << 3))
        const reduced = load<f64>(costAt(row, j)) - price - load<f64>(COLUMN_PRICES + (j << 3))
        if (reduced < load<f64>(at)) {
          store<f64>(at, reduced)
          store<usize>(PREVIOUS + (j << 3), column)
        }
        if (load<f64>(at) < least) {
          least = load<f64>(at)
          next = j
        }
      }
      for (let j: usize = 0; j <= units; j++) {
        const at = j << 3
        if (load<usize>(REACHED + at)) {
          add(ROW_PRICES + (load<usize>(ROW_OF + at) << 3), least)
          add(COLUMN_PRICES + at, -least)
        } else add(DISTANCES + at, -least)
      }
      column = next
    }
    while (column != units) {
      const before = load<usize>(PREVIOUS + (column << 3))
      store<usize>(ROW_OF + (column << 3), load<usize>(ROW_OF + (before << 3)))
      column = before
    }
  }
}
