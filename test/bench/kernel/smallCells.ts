import { compile, Kernel, prepare } from '@driftfarm/kernel'
import { type Cell, canonicalJson } from '@driftfarm/spec'
import { doubleWell } from './cells.ts'
import { warm } from './kernels.ts'
import { type Contestant, digits, interleaved, nanosecondsPer, printTable } from './measure.ts'

/** Values of eta, and of sigma. */
const perAxis = 40
/** Structures and instances are few: each takes a part of a millisecond or more. */
const few = 50

/** In microseconds. */
const goals: Readonly<Record<string, number>> = { 'prepare, structure known': 25, load: 10, 'run no trial': 15 }

/** What each cell of a sweep costs beside its steps, where cells are many and small: 100 steps of the double well. */
export async function benchSmallCells(): Promise<void> {
  const cells = smallCells()
  const prepared = cells.map((cell) => prepare(cell))
  const module = new WebAssembly.Module((await compile(prepared[0]!.source)) as BufferSource)
  const kernel = Kernel.create(module, prepared[0]!)
  let structures = 0
  const loadAll = (run: () => void) => () => {
    for (const cell of prepared) {
      kernel.load(cell)
      run()
    }
  }
  const trials = (count: number, keep = false) => kernel.run(0, count, { keep, horizons: [] })
  const contestants = [
    times('prepare, another structure', few, () => {
      for (const cell of cells.slice(0, few)) prepare(withConstant(cell, ++structures))
    }),
    times('prepare, structure known', cells.length, () => {
      for (const cell of cells) prepare(cell)
    }),
    times('create an instance', few, () => {
      for (const cell of prepared.slice(0, few)) Kernel.create(module, cell)
    }),
    times('load', cells.length, loadAll(Object)),
    times('run no trial', cells.length, () => {
      for (let run = 0; run < cells.length; run++) trials(0)
    }),
    times(
      'load and run 10 trials',
      cells.length,
      loadAll(() => trials(10)),
    ),
    times(
      'load and run 100 trials',
      cells.length,
      loadAll(() => trials(100)),
    ),
    times(
      'load and run 100 trials, records kept',
      cells.length,
      loadAll(() => trials(100, true)),
    ),
  ]
  printTable(
    `${cells.length} cells of the double well, 100 steps, microseconds of processor time for each`,
    ['', 'us per cell', 'quartiles', 'goal'],
    (await interleaved(contestants, 9)).map(({ name, median, low, high }) => {
      const goal = goals[name]
      const met = goal === undefined ? '' : `<= ${goal}: ${median <= goal ? 'met' : 'missed'}`
      return [name, digits(median), `${digits(low)} .. ${digits(high)}`, met]
    }),
  )
}

/** Microseconds for each of so many cells. */
function times(name: string, cells: number, work: () => void): Contestant {
  warm(work)
  return { name, time: () => nanosecondsPer(1e3 * cells, work) }
}

/** As a worker has them: parsed from their canonical bytes. */
function smallCells(): readonly Cell[] {
  const { update, ...rest } = doubleWell(100)
  return Array.from({ length: perAxis ** 2 }, (_, i) => {
    const eta = { kind: 'constant', value: 0.05 + 0.004 * (i % perAxis) }
    const amount = { kind: 'constant', value: 0.2 + 0.03 * Math.floor(i / perAxis) }
    const cell = { ...rest, update: { ...update, eta, drift: update.drift.map((entry) => ({ ...entry, amount })) } }
    return JSON.parse(canonicalJson(cell))
  })
}

function withConstant(cell: Cell, constant: number): Cell {
  return {
    ...cell,
    landscape: { ...doubleWell(100).landscape, expression: `(x^2 - ${constant})^2/4` } as Cell['landscape'],
  }
}
