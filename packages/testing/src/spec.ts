import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export function writeSpec(folder: string, name: string, spec: unknown): string {
  const file = join(folder, `${name}.json`)
  writeFileSync(file, typeof spec === 'string' ? spec : JSON.stringify(spec))
  return file
}

/** Returns a spec with one cell on the double well, without a number of trials. `change` replaces keys of this spec. */
export function oneWell(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    version: 1,
    name: 'one-well-test',
    seed: 1,
    landscape: { preset: 'double-well' },
    start: [-1],
    update: gaussian(1),
    trial: { steps: 200, escape: 'x >= 0' },
    ...change,
  }
}

export const gaussian = (sigma: number): Record<string, unknown> => ({
  rule: 'gradient',
  eta: 0.1,
  drift: { form: 'additive', law: 'gaussian', sigma },
})

export function doubleWell(change: Record<string, unknown> = {}): Record<string, unknown> {
  return oneWell({
    name: 'double-well-test',
    sweep: { 'update.drift.sigma': [0.8, 1.2] },
    trials: 2000,
    ...change,
  })
}
