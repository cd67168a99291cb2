import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The same chain in another language: nanoseconds a step, measured inside the program. */
export interface Rival {
  readonly name: string
  nanosecondsPerStep(trials: number, steps: number, seed: number): number
}

const beside = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const works = (program: string, ...parameters: string[]) => spawnSync(program, parameters).status === 0

/** Those that this machine can run: C where gcc is, NumPy where python3 has it. */
export function findRivals(): readonly Rival[] {
  const rivals: Rival[] = []
  if (works('gcc', '--version')) {
    const program = join(mkdtempSync(join(tmpdir(), 'kernel-bench-')), 'doubleWell')
    execFileSync('gcc', ['-O3', '-march=native', '-o', program, beside('doubleWell.c'), '-lm'])
    rivals.push(rival('C scalar ziggurat, gcc -O3 -march=native', program))
  }
  if (works('python3', '-c', 'import numpy')) rivals.push(rival('NumPy', 'python3', beside('doubleWell.py')))
  return rivals
}

function rival(name: string, program: string, ...before: string[]): Rival {
  return {
    name,
    nanosecondsPerStep(trials, steps, seed) {
      const output = execFileSync(program, [...before, `${trials}`, `${steps}`, '0.1', '1', `${seed}`], {
        encoding: 'utf8',
      })
      const { steps: taken, seconds } = JSON.parse(output) as { steps: number; seconds: number }
      return (seconds * 1e9) / taken
    },
  }
}
