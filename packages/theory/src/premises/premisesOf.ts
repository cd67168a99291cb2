import {
  compile,
  formatDigest,
  Kernel,
  layoutOf,
  namedExits,
  type PreparedCell,
  prepare,
  runReference,
  type Tally,
} from '@driftfarm/kernel'
import type { Cell, DataTable, Start } from '@driftfarm/spec'
import { type Control, type Premises, premisesVersion } from '@driftfarm/statistics'

/** Where compiled modules come from: a caller with a cache of its own lends it. */
export type ModuleOf = (prepared: PreparedCell) => Promise<WebAssembly.Module>

const compiled: ModuleOf = async ({ source }) => new WebAssembly.Module((await compile(source)) as BufferSource)

/** What is known of a cell before its trials: so far its control. */
export async function premisesOf(
  cell: Cell,
  data: DataTable | null,
  { module = compiled }: { readonly module?: ModuleOf } = {},
): Promise<Premises> {
  const rest = { basin: null, start: null, stability: null, resolution: null, temperature: null, failed: [] }
  return { version: premisesVersion, control: await control(cell, data, module), ...rest }
}

/** The null experiment as an ordinary cell; null where the cell measures nothing that it could show. */
export function controlCellOf(cell: Cell): Cell | null {
  const { landscape, update, trial } = cell
  if (trial.escape === null && trial.classify.length === 0 && trial.marks.length === 0 && trial.converge === null)
    return null
  const full = landscape.kind === 'population' || landscape.batch === null ? landscape : { ...landscape, batch: null }
  return {
    ...cell,
    landscape: full,
    update: { ...update, drift: [] },
    method: { kind: 'direct' },
    streams: 'independent',
  }
}

async function control(cell: Cell, data: DataTable | null, module: ModuleOf): Promise<Control | null> {
  const quiet = controlCellOf(cell)
  if (quiet === null) return null
  const trials = isPoint(quiet.start) ? 1 : 100
  const { tally, digest } = await runTrials(quiet, data, trials, module)
  const layout = layoutOf(quiet)
  const named = namedExits(layout)
  return {
    own: cell.update.drift.length === 0 && quiet.landscape === cell.landscape,
    trials,
    steps: quiet.trial.steps,
    horizon: cell.trial.steps,
    escaped: tally.escaped,
    exits: byName(named, tally.exits),
    settled: layout.minima.length === 0 ? {} : byName([...layout.minima, 'other'], tally.settled),
    classes: layout.classes.length === 0 ? {} : byName([...layout.classes, 'other'], tally.classes),
    marks: byName(layout.marks, tally.marks),
    converged: tally.ends[1]!,
    diverged: tally.ends[2]!,
    unreached: (tally as Tally & { readonly unreached?: number }).unreached ?? 0,
    digest: formatDigest(digest),
  }
}

/** A few short trials take less by the reference than a shape of their own takes to compile. */
const shortest = 20_000

async function runTrials(cell: Cell, data: DataTable | null, trials: number, module: ModuleOf) {
  if (data === null && trials * cell.trial.steps <= shortest)
    return runReference(cell, 0, trials, { horizons: [], data })
  const prepared = prepare(cell, data)
  return Kernel.create(await module(prepared), prepared).run(0, trials, { keep: false, horizons: [] })
}

const isPoint = (start: Start): boolean => (start.kind === 'descend' ? isPoint(start.from) : start.kind === 'point')

const byName = (names: readonly string[], counts: readonly number[]): Record<string, number> =>
  Object.fromEntries(names.map((name, at) => [name, counts[at] ?? 0]))
