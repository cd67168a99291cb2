import { elementary } from '@driftfarm/formula'
import {
  type Cell,
  type DataReference,
  type DataTable,
  type Descent,
  type Landscape,
  type NetworkLandscape,
  type Start,
  type Tables,
  tableOf,
  widened,
} from '@driftfarm/spec'
import { KernelError } from '../error.ts'

/** Where trials begin, and their descents from there, in order. */
export function startPlan(start: Start) {
  const descents: Descent[] = []
  let drawn = start
  for (; drawn.kind === 'descend'; drawn = drawn.from) descents.unshift(drawn.descent)
  return { drawn, descents }
}

/**
 * The cell with its start as the engines read it: a stored point becomes a point, and so does the point where one
 * training run for all trials ended. Until this point is `trained`, zeros stand for it.
 */
export function withPoint(cell: Cell, tables: Tables, trained?: Float64Array): Cell {
  const start = pointed(cell.start, tables, trained ?? new Float64Array(cell.landscape.dimension))
  return start === cell.start ? cell : { ...cell, start }
}

function pointed(start: Start, tables: Tables, trained: Float64Array): Start {
  switch (start.kind) {
    case 'stored':
      return { kind: 'point', point: Array.from(widened(tableWith(start.data, tables))) }
    case 'train':
      return start.per === 'trial' ? start : { kind: 'point', point: Array.from(trained) }
    case 'descend': {
      const from = pointed(start.from, tables, trained)
      return from === start.from ? start : { ...start, from }
    }
    default:
      return start
  }
}

function tableWith(data: DataReference, tables: Tables): DataTable {
  const table = tableOf(tables, data)
  const { hash } = data
  if (table === undefined) throw new KernelError('DATA', `the cell needs the start with hash ${hash}, which is missing`)
  return table
}

/** Whether theta_0 is the same in all trials and known before any step. */
export function startsAtPoint({ start, trial }: Cell): boolean {
  return start.kind === 'point' && trial.warmup === 0
}

/**
 * For each layer of a network: the number of weights, which are drawn from N(0, sigma^2), and of biases, which are 0.
 * `spec` refuses the start `init` on any other landscape.
 */
export function initRuns(landscape: Landscape, law: 'he' | 'xavier' | 'lecun') {
  const { layers, biases } = landscape as NetworkLandscape
  return layers.slice(1).map((fanOut, layer) => {
    const fanIn = layers[layer]!
    const variance = { he: 2 / fanIn, xavier: 2 / (fanIn + fanOut), lecun: 1 / fanIn }[law]
    return { weights: fanIn * fanOut, sigma: elementary.sqrt(variance), biases: biases ? fanOut : 0 }
  })
}
