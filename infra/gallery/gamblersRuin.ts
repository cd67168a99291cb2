import type { Entry, Row } from './entry.ts'
import { estimateOf } from './study.ts'

const top = 10
const odds = [0.5, 0.4, 0.25]
const starts = [2, 5, 8]

/** Feller (1968), XIV.2: the probability of reaching the top before 0. */
function wins(q: number, i: number): number {
  const r = (1 - q) / q
  return r === 1 ? i / top : (1 - r ** i) / (1 - r ** top)
}
/** Feller (1968), XIV.3: the mean number of steps until either end. */
const duration = (q: number, i: number): number => (q === 0.5 ? i * (top - i) : (i - top * wins(q, i)) / (1 - 2 * q))

const rowsOf = (q: number, i: number): readonly Row[] => {
  const params = { 'let.win': q, 'let.coins': i }
  const row = (what: string, value: number, estimate: string): Row => ({
    labels: [String(q), String(i), what],
    theirs: { kind: 'value', value },
    ours: estimateOf(estimate, params),
  })
  return [row('P(top)', wins(q, i), 'exit:top'), row('steps', duration(q, i), 'escapeStep')]
}

export const gamblersRuin: Entry = {
  name: 'gamblers-ruin',
  title: "Gambler's ruin",
  who: 'Feller (1968)',
  spec: 'docs/gallery/specs/gamblers-ruin.yaml',
  // Without flips every trial reaches 0, which the check `control` reports.
  run: ['--accept', 'control'],
  small: { sweep: { 'let.win': [0.5, 0.4, 0.25], 'let.coins': [5] }, trials: 3000 },
  figure: ['--of', 'exit:top', '--x', 'coins', '--by', 'win', '--oracle', '--log', 'y'],
  labels: ['win', 'coins', 'quantity'],
  theirs: 'exact',
  rows: odds.flatMap((q) => starts.flatMap((i) => rowsOf(q, i))),
}
