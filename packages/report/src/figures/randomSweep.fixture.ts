import { resultsData } from '../document/cellResult.ts'
import type { ResultsData } from '../document/results.ts'
import { cell } from '../fixtures/results.ts'

/** A generator of random numbers in [0, 1): mulberry32, the same on every machine. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const words = ['adam', '<b>bold</b>', '"quoted"', 'a & b', 'full', 'näive', 'x'.repeat(60)]

/** A sweep of one or two axes with any numbers: none, few and all of up to a million trials. */
export function randomSweep(seed: number): { readonly results: ResultsData; readonly log: boolean } {
  const random = generator(seed)
  const pick = (count: number) => Math.floor(random() * count)
  const axis = (): readonly (number | string)[] => {
    const count = 1 + pick(6)
    if (random() < 0.3) return words.slice(0, count)
    const ratio = random() < 0.5 ? 1 : 1 + 4 * random()
    const from = 10 ** (-3 + 4 * random())
    return Array.from({ length: count }, (_, i) => Number((from * (ratio === 1 ? i + 1 : ratio ** i)).toPrecision(6)))
  }
  const across = axis()
  const by = random() < 0.5 ? axis() : null
  const trials = 10 ** pick(7)
  const cells = across.flatMap((x, i) =>
    (by ?? [null]).map((other, j) => {
      const kind = pick(4)
      const k = kind === 0 ? 0 : kind === 1 ? trials : pick(trials + 1)
      const params = { 'update.eta': x, ...(other === null ? {} : { 'update.rule': other }) }
      return cell(i * (by?.length ?? 1) + j, params, k, trials)
    }),
  )
  const sweep = { id: 'a'.repeat(32), name: `sweep <${seed}> & "more"`, state: 'complete', seed: '1' } as const
  return { results: resultsData(sweep, cells), log: random() < 0.5 }
}

/** Adds the number of the random sweep to an error in it. */
export function inRandomSweep(seed: number, look: () => void): void {
  try {
    look()
  } catch (error) {
    throw new Error(`in the random sweep ${seed}: ${(error as Error).message}`, { cause: error })
  }
}
