import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export function writeSpec(folder: string, name: string, spec: unknown): string {
  const file = join(folder, `${name}.json`)
  writeFileSync(file, typeof spec === 'string' ? spec : JSON.stringify(spec))
  return file
}

/** Two cells on the double well; tests change what they are about. */
export function doubleWell(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    version: 1,
    name: 'double-well-test',
    seed: 1,
    landscape: { preset: 'double-well' },
    start: [-1],
    update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1 } },
    trial: { steps: 200, escape: 'x >= 0' },
    sweep: { 'update.drift.sigma': [0.8, 1.2] },
    trials: 2000,
    ...change,
  }
}
