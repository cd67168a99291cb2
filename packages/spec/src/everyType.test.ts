import { expect, test } from 'vitest'
import { parseSweep } from './parseSweep.ts'

/** Values of every type, and those that other keys take. */
const values: readonly unknown[] = [
  'a',
  'p*',
  '',
  3,
  0.5,
  null,
  true,
  [],
  [1],
  [[1]],
  [{}],
  {},
  { a: 1 },
  { from: 1, to: 2, count: 2 },
  { when: 'loss > 0', every: 2 },
  { file: 'a.npy' },
]

const rest = {
  version: 1,
  name: 'types',
  seed: 1,
  tags: { of: 'tests' },
  update: {
    rule: 'momentum',
    beta: 0.5,
    eta: { power: { initial: 0.1, offset: 1, exponent: 1 } },
    drift: [{ form: 'additive', law: { student: { nu: 3 } }, sigma: 1, when: 'loss > 0.1' }],
    clip: 1,
    warmup: 3,
  },
  trial: {
    steps: 9,
    warmup: 1,
    escape: { far: { when: 'loss > 9', every: 3 } },
    converge: { when: 'loss < 0.01', hold: 2 },
    marks: { low: 'loss < half' },
    classify: { good: 'loss < 1' },
  },
  let: { half: 0.5 },
  sweep: { 'update.clip': { from: 1, to: 2, count: 2 } },
  trials: 5,
  observe: { l: { value: 'loss', at: ['start', 'mark:low'], every: 3 } },
  record: 'none',
}
const specs = {
  network: {
    ...rest,
    landscape: {
      network: {
        layers: [1, 2, 1],
        activation: 'tanh',
        dropout: 0.1,
        labelNoise: { sigma: 0.1 },
        data: {
          inputs: [[1], [2], [3]],
          targets: [[0], [1], [0]],
          scale: 'range',
          test: { fraction: 0.4, seed: 1 },
        },
        batch: 1,
        sampling: 'shuffle',
      },
    },
    start: { init: 'xavier' },
  },
  formula: {
    ...rest,
    landscape: {
      formula: { variables: ['a'], expression: 'c*(a*x - y)^2', parameters: { c: 1 } },
      data: { columns: { x: [1, 2], y: [1, 2] } },
      minima: { own: [1] },
    },
    start: { gaussian: { mean: 0, sigma: 0.4 } },
  },
}

type Path = readonly (string | number)[]

function* pathsIn(value: unknown, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value))
    yield* pathsIn(inner, [...path, Array.isArray(value) ? Number(key) : key])
}

function replaced(value: unknown, [key, ...path]: Path, by: unknown): unknown {
  if (key === undefined) return by
  const inner = replaced((value as Record<string, unknown>)[key], path, by)
  return Array.isArray(value) ? value.with(key as number, inner) : { ...(value as object), [key]: inner }
}

const sweepOf = (spec: unknown) =>
  parseSweep(JSON.stringify(spec), { fileName: 'spec.json', readBytes: () => new Uint8Array() })

/** The default tier tries a fifth of the values at each place, and another fifth at the next place. */
const part = process.env.DRIFTFARM_TEST_TIER === 'full' ? 1 : 5

test.each(Object.keys(specs) as (keyof typeof specs)[])(
  '%s: a value of a wrong type is a mistake, never a crash',
  (name) => {
    expect(sweepOf(specs[name]).cellCount).toBe(2)
    const crashes: string[] = []
    let mistakes = 0
    for (const [place, path] of [...pathsIn(specs[name])].entries())
      for (const value of values.filter((_, at) => (at + place) % part === 0)) {
        try {
          const sweep = sweepOf(replaced(specs[name], path, value))
          sweep.cell(sweep.cellCount - 1)
        } catch (error) {
          mistakes++
          const isMistake = Array.isArray((error as { errors?: unknown }).errors)
          if (!isMistake) crashes.push(`${path.join('.')} ${JSON.stringify(value)}: ${(error as Error).stack}`)
        }
      }
    expect(crashes).toEqual([])
    // Most values do not fit.
    expect(mistakes).toBeGreaterThan(500 / part)
  },
)
