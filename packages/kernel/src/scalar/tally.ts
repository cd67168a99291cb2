import { ends, type Outcome, type RecordLayout } from '../outcome/outcome.ts'
import { jointPlace, stepBin, type Tally } from '../outcome/tally.ts'

export function tallyOf(outcome: Outcome, layout: RecordLayout, horizons: readonly number[]): Tally {
  const { escapedAt, convergedAt, steps } = outcome
  const one = (names: readonly string[], name: string | null) => names.map((other) => (other === name ? 1 : 0))
  const by = (step: number | null, limit: number) => (step !== null && step <= limit ? 1 : 0)
  const withOther = (names: readonly string[], name: string | null) => [
    ...one(names, name),
    name !== null && !names.includes(name) ? 1 : 0,
  ]
  const tau = BigInt(escapedAt ?? layout.horizon)
  const atRisk = escapedAt ?? steps
  const settled = withOther(layout.minima, outcome.settled)
  return {
    trials: 1,
    ends: one(ends, outcome.end),
    escaped: by(escapedAt, layout.horizon),
    exits: one(layout.exits, outcome.exit),
    settled,
    classes: layout.classes.length === 0 ? [] : withOther(layout.classes, outcome.class),
    marks: layout.marks.map((name) => by(outcome.marks[name] ?? null, layout.horizon)),
    steps: BigInt(steps),
    escapeSteps: tau,
    escapeStepsSquared: tau * tau,
    escapeHistogram: escapedAt === null ? [] : [[stepBin(escapedAt), 1]],
    convergeHistogram: convergedAt === null ? [] : [[stepBin(convergedAt), 1]],
    horizons: horizons.map((horizon) => ({
      horizon,
      escaped: by(escapedAt, horizon),
      converged: by(convergedAt, horizon),
      diverged: outcome.end === 'diverged' ? by(steps, horizon) : 0,
      exits: one(layout.exits, by(escapedAt, horizon) === 1 ? outcome.exit : null),
      marks: layout.marks.map((name) => by(outcome.marks[name] ?? null, horizon)),
      atRisk: BigInt(Math.max(0, atRisk - horizon)),
      departed: by(escapedAt, horizon) === 1 || (outcome.end === 'diverged' && steps <= horizon) ? 1 : 0,
    })),
    atRisk: BigInt(atRisk),
    ...(outcome.unreached ? { unreached: 1 } : {}),
    joint: [
      [jointPlace(escapedAt !== null, ends.indexOf(outcome.end), settled.indexOf(1) + 1, layout.minima.length), 1],
    ],
    markSteps: layout.marks.map((name) => {
      const reached = BigInt(outcome.marks[name] ?? 0)
      const spent = reached > 0n ? reached : BigInt(steps)
      return { steps: spent, stepsSquared: spent * spent, reached, reachedSquared: reached * reached }
    }),
  }
}
