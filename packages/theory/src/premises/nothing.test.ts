import { expect, it } from 'vitest'
import { answerOf, sweepOf, trialsOf } from './answer.fixture.ts'
import { uniforms } from './sound.fixture.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const count = full ? 40 : 3
const trials = full ? 20 : 6

/** 2 to 64 weights; with and without decay, so that minima are sharp, and flat. */
const shapes = [
  [1, 1],
  [1, 2, 1],
  [2, 2, 1],
  [2, 3, 1],
  [1, 8, 1],
  [2, 6, 1],
  [3, 4, 2, 1],
  [2, 12, 1],
  [4, 9, 1],
  [1, 5, 5, 1],
]
const smooth = ['tanh', 'sigmoid', 'softplus', 'sin']
const activations = [...smooth, 'relu', 'leaky-relu']

function spec(uniform: () => number, name: string): Record<string, unknown> {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(uniform() * list.length)]!
  const layers = pick(full ? shapes : shapes.slice(0, 6))
  const rows = 4 + Math.floor(12 * uniform())
  const inputs = Array.from({ length: rows }, () => Array.from({ length: layers[0]! }, () => 2 * uniform() - 1))
  const targets = inputs.map((row) => [Math.sin(2 * row[0]!) / 2 + 0.3 * uniform()])
  const descent = { gradient: pick([1e-4, 1e-5]), eta: 0.1, steps: full ? 100_000 : 5000 }
  return {
    version: 1,
    name,
    seed: 5,
    landscape: {
      network: { layers, activation: pick(activations), decay: pick([0, 1e-4, 1e-3, 1e-2]), data: { inputs, targets } },
    },
    start: { descend: { from: { init: pick(['he', 'xavier']) }, ...descent } },
    update: {
      ...pick([{ rule: 'gradient' }, { rule: 'momentum', beta: 0.5 }, { rule: 'adam' }]),
      eta: 0.01,
      drift: 'none',
    },
    trial: { steps: 200, escape: { basin: true, every: 50, ...descent } },
    trials,
  }
}

interface Made {
  readonly landscape: { readonly network: { readonly activation: string; readonly decay: number } }
}

it(`of ${count} networks without drift and batches none escapes, or it is said that descent itself does`, {
  timeout: 3_600_000,
}, async () => {
  const uniform = uniforms(7)
  const seen = { cells: 0, escaping: 0, smooth: 0, escapingSmooth: 0 }
  for (let at = 0; at < count; at++) {
    const made = spec(uniform, `nothing-${at}`)
    const { tally } = await trialsOf(sweepOf(made).cell(0), trials)
    const { activation, decay } = (made as unknown as Made).landscape.network
    const isSmooth = decay > 0 && smooth.includes(activation)
    const escapes = tally.escaped > 0
    seen.cells++
    seen.escaping += escapes ? 1 : 0
    seen.smooth += isSmooth ? 1 : 0
    seen.escapingSmooth += isSmooth && escapes ? 1 : 0
    if (escapes) {
      const { checks } = await answerOf(made)
      const control = checks.find(({ name }) => name === 'control')
      expect(control).toMatchObject({ verdict: 'wrong', hint: expect.stringMatching(/gradient/) })
    }
  }
  if (full) console.log(`networks without drift: ${JSON.stringify(seen)}`)
  expect(seen.escapingSmooth).toBeLessThanOrEqual(seen.smooth / 20)
})
