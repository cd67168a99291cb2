import { parseSweep } from '@driftfarm/spec'
import { expect, test } from 'vitest'
import type { NotApplicable } from '../refusal.ts'
import type { ExactAnswer, OracleAnswer } from '../shapes/oracle.ts'
import { generator } from './drawnSpecs.fixture.ts'
import { type OracleOptions, oracle } from './oracle.ts'

const many = 100
const seed = 20261128

const landscapes = [
  { expression: '(x^2-1)^2/4', start: -1 },
  { expression: '(x^2-1)^2/4 + 0.15*x', start: -1.08 },
  { expression: '(x^2-1)^2/4 - 0.1*x', start: 0.9 },
  { expression: 'x^2/2', start: 0.1 },
  { expression: '2*x^2', start: 0 },
  { expression: '1 - cos(2*x)', start: 0.2 },
  { expression: 'x^4/100', start: 0.3 },
] as const
const laws = ['gaussian', 'uniform', 'laplace', { student: { nu: 3 } }, 'cauchy'] as const
const exits = [
  'x >= 0.8',
  { low: 'x <= -1.6', high: 'x >= 1.4' },
  'x >= 0.4 && x <= 0.9',
  { outside: { radius: 1.3, of: [0] } },
] as const

function draw(random: () => number): object {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!
  const between = (low: number, high: number) => Number((low * (high / low) ** random()).toPrecision(3))
  const { expression, start } = pick<(typeof landscapes)[number]>(landscapes)
  return {
    version: 1,
    name: 'random',
    landscape: { formula: { variables: ['x'], expression } },
    start: [start],
    update: {
      rule: 'gradient',
      eta: between(0.01, 0.5),
      drift: { form: 'additive', law: pick<(typeof laws)[number]>(laws), sigma: between(0.1, 4) },
    },
    trial: { steps: pick([1, 5, 50, 500]), escape: pick<(typeof exits)[number]>(exits) },
    trials: 1,
  }
}

function ask(spec: object, options?: OracleOptions): OracleAnswer | NotApplicable {
  const { cell, tables } = parseSweep(JSON.stringify(spec), { fileName: 'random' }).cell(0)
  return oracle(cell, tables, options)
}

const random = generator(seed)
const specs = Array.from({ length: many }, (_, index) => ({ index, spec: draw(random) }))
/** A rounding error that both densities may have on top of what they say, as a share of 1. */
const rounding = 1e-13

test.each(specs)(
  'spec $index is answered or refused, and twice as many nodes say the same: $spec',
  ({ spec }) => {
    const found = ask(spec)
    if ('reason' in found) {
      expect(found.reason).not.toBe('')
      return
    }
    const isMean = ({ name }: ExactAnswer) => name.startsWith('mean') || name === 'rate'
    for (const answer of found.answers) {
      expect(answer.value, answer.name).toBeGreaterThanOrEqual(0)
      if (!isMean(answer)) expect(answer.value, answer.name).toBeLessThanOrEqual(1)
      expect(answer.error, answer.name).toBeGreaterThanOrEqual(0)
    }
    const finer = ask(spec, { density: 2, rounds: 2 })
    if ('reason' in finer) return
    for (const { name, value, error } of found.answers) {
      const other = finer.answers.find((answer) => answer.name === name)
      if (other === undefined) continue
      const within = error * (value || 1) + other.error * (other.value || 1)
      expect(Math.abs(value - other.value), `${name}: ${value} and ${other.value}`).toBeLessThanOrEqual(
        within + rounding * Math.max(value, Number.EPSILON),
      )
    }
  },
  120_000,
)
