import type { Entry, Ours, Row, Study } from './entry.ts'
import { estimateOf } from './study.ts'

const eta = 0.02
const memories = [0.5, 0.75, 0.9]

/** Kramers (1940): the rate at friction (1 - beta)/sqrt(eta) over that at strong friction, for saddle curvature -1. */
function speed(beta: number): number {
  const friction = (1 - beta) / Math.sqrt(eta)
  return friction * (Math.sqrt(1 + (friction * friction) / 4) - friction / 2)
}

const rateOf = (beta: number) => estimateOf('escapeRate', { 'let.b': beta })

/** The rate per unit of time over that of beta 0. A step with momentum beta covers 1/(1 - beta) times as much time. */
const slowing =
  (beta: number) =>
  async (study: Study): Promise<Ours | null> => {
    const [with_, without] = [await rateOf(beta)(study), await rateOf(0)(study)]
    if (with_ === null || without === null) return null
    const over = (a: number, b: number): number => ((1 - beta) * a) / b
    return {
      value: over(with_.value, without.value),
      low: over(with_.low, without.high),
      high: over(with_.high, without.low),
    }
  }

export const momentum: Entry = {
  name: 'momentum',
  title: 'Momentum and friction',
  who: 'Kramers (1940)',
  spec: 'examples/momentum.yaml',
  small: { sweep: { 'let.b': [0, 0.9] }, trials: 300 },
  figure: ['--of', 'escape'],
  labels: ['beta'],
  theirs: "Kramers' ratio",
  rows: memories.map((beta): Row => {
    const share = speed(beta) / speed(0)
    return { labels: [String(beta)], theirs: { kind: 'value', value: share, slack: 0.08 * share }, ours: slowing(beta) }
  }),
}
