import { clopperPearson } from '../../packages/statistics/src/index.ts'
import type { Entry, Ours, Row, Study } from './entry.ts'
import { cellOf, estimateOf } from './study.ts'

/** The barrier above the shallow minimum of (x^2 - 1)^2/4 + x/10. */
const depth = 0.15766495734760558
const last = 100_000

/**
 * The hazard of one decade of steps relative to the decade before, as a power of ten. At T_n = c / log(n) the rate of
 * escape is about exp(-depth / T_n) = n^(-depth / c), so the hazard grows by 10^(1 - depth / c) from decade to decade.
 * Its sum over all n is infinite, and all trials escape, if and only if c >= depth.
 */
const growth =
  (c: number) =>
  async ({ results }: Study): Promise<Ours | null> => {
    const cell = cellOf(results.cells, { 'let.c': c })
    if (cell === null) return null
    const trials = Number(cell.trials)
    const escaped = (name: string) => cell.estimates[name]!.events
    const [first, middle, all] = [escaped('escape@1000'), escaped('escape@10000'), escaped('escape')]
    // Each hazard takes half of the error of the ratio.
    const confidence = 1 - (1 - cell.estimates.escape!.confidence) / 2
    const before = hazard(middle - first, trials - first, confidence)
    const after = hazard(all - middle, trials - middle, confidence)
    const power = (above: number, below: number): number => Math.log10(above / below)
    return {
      value: power(after.value, before.value),
      low: power(after.low, before.high),
      high: power(after.high, before.low),
    }
  }

/** Minus the logarithm of the share that stays, with limits from the limits of the share. */
function hazard(events: number, atRisk: number, confidence: number): Ours {
  const { low, high } = clopperPearson(events, atRisk, confidence)
  const of = (share: number): number => -Math.log1p(-share)
  return { value: of(events / atRisk), low: of(low), high: of(high) }
}

/** The share of exp(-L / T) in the deep well, by the midpoint rule with an error below 1e-9. */
function gibbs(temperature: number): number {
  const [from, to, cells] = [-3, 3, 60_000]
  let [deep, all] = [0, 0]
  for (let at = 0; at < cells; at++) {
    const x = from + ((to - from) * (at + 0.5)) / cells
    const weight = Math.exp(-((x * x - 1) ** 2 / 4 + x / 10) / temperature)
    all += weight
    if (x < 0) deep += weight
  }
  return deep / all
}

const ofGrowth = (c: number): Row => ({
  labels: [String(c), 'hazard exponent'],
  theirs: { kind: 'value', value: 1 - depth / c, slack: 0.05 },
  ours: growth(c),
})
const ofEnd = (c: number): Row => {
  const share = gibbs(c / Math.log(last + 1))
  return {
    labels: [String(c), 'deep-well share'],
    theirs: { kind: 'value', value: share, slack: 0.01 },
    ours: estimateOf('class:deep', { 'let.c': c }),
  }
}

export const annealing: Entry = {
  name: 'annealing',
  title: 'Annealing',
  who: 'Hajek (1988), Gelfand and Mitter (1991)',
  spec: 'docs/gallery/specs/annealing.yaml',
  small: { sweep: { 'let.c': [0.2, 1] }, trials: 100 },
  figure: ['--of', 'class:deep', '--log', 'x'],
  labels: ['c', 'quantity'],
  theirs: 'theory',
  rows: [0.12, 0.16, 0.2].map(ofGrowth).concat([0.3, 0.5, 1].map(ofEnd)),
}
