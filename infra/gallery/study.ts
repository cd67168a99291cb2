import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import type { Envelope, FitData, ResultsData, TheoremData } from '@driftfarm/report'
import { parse } from 'yaml'
import { normalQuantile } from '../../packages/statistics/src/index.ts'
import type { Command, Entry, Ours, Study } from './entry.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Tier {
  readonly command: Command
  /** The folder for the specs of the small tier. Null for the full tier. */
  readonly small: string | null
}

/** The file with the spec of an entry in this tier. */
function specOf({ name, spec, small }: Entry, folder: string | null): string {
  if (folder === null) return spec
  const file = join(folder, `${name}.json`)
  const path = join(root, spec)
  // Paths of data are relative to the folder of the spec.
  const moved = (key: string, value: unknown) => (key === 'csv' ? resolve(dirname(path), String(value)) : value)
  writeFileSync(file, JSON.stringify({ ...parse(readFileSync(path, 'utf8')), ...small }, moved))
  return file
}

/**
 * Runs the sweep of an entry, with its intervals at this confidence. Stored trials are not computed again. Later fits
 * use the confidence of the newest run.
 */
export async function studyOf(entry: Entry, { command, small }: Tier, confidence: number): Promise<Study> {
  const read = async <Kind extends string, Data>(words: readonly string[]): Promise<Data> =>
    (JSON.parse(await command([...words, '--json'])) as Envelope<Kind, Data>).data
  const spec = specOf(entry, small)
  // Another thread takes longer to load than the few trials of the small tier.
  const options = [...(small === null ? (entry.trials ?? []) : ['--threads', '1']), ...(entry.run ?? [])]
  const level = ['--set', `confidence=${confidence}`]
  const results = await read<'Results', ResultsData>(['run', spec, ...options, ...level])
  // Several rows may use the same fit.
  const fits = new Map<string, Promise<FitData>>()
  let theorem: Promise<TheoremData> | undefined
  return {
    results,
    fit(formula, options = []) {
      const words = ['fit', results.sweep.name, formula, ...options]
      const key = words.join('\n')
      const known = fits.get(key) ?? read<'Fit', FitData>(words)
      fits.set(key, known)
      return known
    },
    theorem() {
      theorem ??= read<'Theorem', TheoremData>(['theorem', spec])
      return theorem
    },
  }
}

type Params = Readonly<Record<string, unknown>>
const isOf = (cell: { readonly params: Params }, params: Params): boolean =>
  Object.entries(params).every(([path, value]) => isDeepStrictEqual(cell.params[path], value))

/** The cell with these parameters. */
export const cellOf = <Cell extends { readonly params: Params }>(cells: readonly Cell[], params: Params) =>
  cells.find((cell) => isOf(cell, params)) ?? null

/** An estimate of the cell with these parameters. */
export const estimateOf =
  (name: string, params: Params) =>
  async ({ results }: Study): Promise<Ours | null> => {
    const cell = cellOf(results.cells, params)
    if (cell === null) return null
    const found = cell.estimates[name]
    if (found === undefined) throw new Error(`${results.sweep.name}: cell ${cell.index} has no ${name}`)
    const { value, low, high, events } = found
    const numbers = { value: Number(value), low: Number(low), high: Number(high) }
    return { ...numbers, counts: { events, trials: Number(cell.trials) } }
  }

interface Line {
  readonly formula: string
  readonly term: string
  /** The value of the path in `--by`. */
  readonly at?: number
  readonly options?: readonly string[]
}

/**
 * A coefficient of a line through the cells, with normal limits. If the law in question holds, the cells scatter about
 * its line only by chance. The limits of the document allow for any scatter. With three to five cells, at the level of
 * these tests, they would be so wide that they agree with any number.
 */
export const slopeOf =
  ({ formula, term, at, options }: Line) =>
  async (study: Study): Promise<Ours | null> => {
    const { fits } = await study.fit(formula, options)
    const found = at === undefined ? fits[0] : fits.find((fit) => fit.at === at)
    const coefficient = found?.coefficients.find(({ name }) => name === term)
    if (coefficient === undefined) return null
    const value = Number(coefficient.value)
    const half = normalQuantile((1 + found!.confidence) / 2) * Number(coefficient.error)
    return { value, low: value - half, high: value + half }
  }
