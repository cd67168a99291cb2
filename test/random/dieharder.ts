import { spawn, spawnSync } from 'node:child_process'
import type { Source } from './sources.ts'

/** Number and options of a test. */
type Test = readonly [number: number, ...options: string[]]

/** Tests of dieharder 3.31 that are neither suspect nor slow; together about a minute of a processor. */
export const tests: readonly Test[] = [
  [0], // birthdays
  [1], // overlapping 5-permutations
  [2], // rank of 32 x 32 matrices
  [3], // rank of 6 x 8 matrices
  [4], // bitstream
  [8], // count the 1s of a stream
  [9], // count the 1s of bytes
  [10], // parking lot
  [11], // minimum distance in two dimensions
  [12], // minimum distance in three
  [13], // squeeze
  [15], // runs
  [16], // craps
  [100], // sts: monobit
  [101], // sts: runs
  [102], // sts: serial, 1 to 16 bits
  [200, '-n', '8'], // distribution of 8 bits
  [202, '-n', '5'], // permutations of 5
  [203, '-n', '24'], // sums at lag 24
  [206], // discrete cosine transform
  [207], // fill tree
  [209], // monobit 2
]

export interface Verdict {
  readonly test: string
  readonly p: number
  readonly assessment: 'PASSED' | 'WEAK' | 'FAILED'
}

export function hasDieharder(): boolean {
  return spawnSync('dieharder', ['-l']).error === undefined
}

/**
 * One test, reading on in the source. A weak p-value (below 0.005 or above 0.995) comes once in a hundred, so a test of
 * 30 has one now and then: it is then made again with five times as many samples, up to twice. A p-value that is weak
 * all three times, or FAILED (beyond 1e-6 on either side) once, is a failure; one that was weak once is not. A sound
 * source meets one in 300,000 p-values, and a whole battery has about 250.
 */
export async function dieharder(source: Source, [test, ...options]: Test): Promise<readonly Verdict[]> {
  let verdicts = await once(source, ['-d', String(test), ...options])
  for (let again = 0; again < 2 && isUndecided(verdicts); again++) {
    const repeated = await once(source, ['-d', String(test), ...options, '-m', '5'])
    verdicts = verdicts.map((verdict, at) => (verdict.assessment === 'WEAK' ? repeated[at]! : verdict))
    const failed = repeated.filter(({ assessment }) => assessment === 'FAILED')
    if (failed.length > 0) return failed
  }
  return verdicts
}

function isUndecided(verdicts: readonly Verdict[]): boolean {
  const has = (wanted: Verdict['assessment']) => verdicts.some(({ assessment }) => assessment === wanted)
  return has('WEAK') && !has('FAILED')
}

function once(source: Source, options: readonly string[]): Promise<readonly Verdict[]> {
  const fields = ['test_name', 'ntuple', 'pvalues', 'assessment'].flatMap((field) => ['-D', field])
  const child = spawn('dieharder', ['-g', '200', ...options, ...fields, '-c', '|'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  // It stops reading when it has enough.
  child.stdin.on('error', () => undefined)
  const feed = () => {
    while (child.stdin.writable && child.stdin.write(source.next()));
  }
  child.stdin.on('drain', feed)
  feed()
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      const verdicts = output.split('\n').flatMap(verdictOf)
      if (code === 0 && verdicts.length > 0) resolve(verdicts)
      else reject(new Error(`dieharder ${options.join(' ')} ended with ${code}: ${output.trim()}`))
    })
  })
}

function verdictOf(line: string): Verdict[] {
  const [name, ntuple, p, assessment] = line.split('|').map((field) => field.trim())
  if (assessment !== 'PASSED' && assessment !== 'WEAK' && assessment !== 'FAILED') return []
  return [{ test: ntuple === '0' ? name! : `${name} ${ntuple}`, p: Number(p), assessment }]
}
