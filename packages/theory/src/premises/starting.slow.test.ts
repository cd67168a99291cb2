import { isDoubt } from '@driftfarm/statistics'
import { describe, expect, it } from 'vitest'
import { answerOf } from './answer.fixture.ts'

const heat = (temperature: number) => ({ form: 'additive', law: 'gaussian', temperature })
const formula = (expression: string, variables: string[], minima = {}) => ({
  formula: { variables, expression, minima },
})
const quartic = formula('(x^2 - 1)^2/4 + y^2/2', ['x', 'y'], { left: [-1, 0], right: [1, 0] })
const network = (decay: number) => ({
  network: {
    layers: [1, 2, 1],
    activation: 'tanh',
    decay,
    data: { inputs: [[-1], [-0.3], [0.4], [1]], targets: [[-0.8], [-0.2], [0.5], [0.7]] },
  },
})
const basin = { basin: true, every: 20, gradient: 1e-6, eta: 0.1 }
const update = { rule: 'gradient', eta: 0.1, drift: heat(0.02) }
const swinging = { rule: 'momentum', beta: 0.98, eta: 0.01, drift: { form: 'additive', law: 'gaussian', step: 0.003 } }

interface Case {
  readonly landscape?: unknown
  readonly start: unknown
  readonly update?: unknown
  readonly trial: Readonly<Record<string, unknown>>
  readonly [key: string]: unknown
}

const checksOf = async (name: string, { trials = 200, ...spec }: Case) =>
  (
    await answerOf({
      version: 1,
      name: name.replace(/\W+/g, '-'),
      seed: 5,
      landscape: { preset: 'double-well' },
      update,
      trials,
      ...spec,
    })
  ).checks

/** Verdict, name and text of all doubts but those of the temperature, which these specs do not care about. */
const doubtsOf = async (name: string, spec: Case): Promise<string[]> =>
  (await checksOf(name, spec))
    .filter((check) => isDoubt(check) && check.name !== 'temperature')
    .map(({ verdict, name: check, text, hint }) => `${check} ${verdict}: ${text} | ${hint}`)

describe('misleading: a doubt with a reason', () => {
  it.each<[string, Case, RegExp]>([
    [
      'a saddle',
      { start: [0], trial: { steps: 200, escape: 'x >= 0.5' } },
      /^start wrong: .*a saddle or a maximum .*curvature -1\).*right and left/,
    ],
    [
      'a maximum',
      { landscape: formula('cos(x)', ['x']), start: [0], trial: { steps: 200, escape: 'x >= 0.5' } },
      /^start wrong: .*a saddle or a maximum/,
    ],
    [
      'a ridge, down which descent slides into the saddle',
      { landscape: quartic, start: [0, 2], trial: { steps: 200, escape: 'x >= 0.5' } },
      /^start wrong: .*descends into,? a saddle or a maximum/,
    ],
    [
      'a ridge that is no axis',
      {
        landscape: formula('((x + y)^2/2 - 1)^2/4 + (x - y)^2', ['x', 'y']),
        start: [1.3, -1.3],
        trial: { steps: 200, escape: 'x + y >= 0.5' },
      },
      /^start wrong: .*a saddle or a maximum/,
    ],
    [
      'an inflection, whose curvature is 0',
      { landscape: formula('x^3 + x^4', ['x']), start: [0], trial: { steps: 200, escape: 'x <= -0.2' } },
      /^start wrong: .*curvature about 0/,
    ],
    [
      'a flat saddle',
      {
        landscape: formula('x^2 - y^4 + y^6', ['x', 'y']),
        start: [0, 0],
        trial: { steps: 300, escape: 'abs(y) >= 0.5' },
      },
      /^start wrong: .*curvature about 0/,
    ],
    [
      'a monkey saddle, all of whose curvatures are 0',
      {
        landscape: formula('x^3 - 3*x*y^2 + (x^2 + y^2)^2', ['x', 'y']),
        start: [0, 0],
        update: { ...update, eta: 0.05 },
        trial: { steps: 300, escape: 'x^2 + y^2 >= 0.5' },
      },
      /^start wrong: .*curvature about 0/,
    ],
    [
      'starts that descend into a saddle',
      {
        start: { descend: { from: { uniform: { low: 0, high: 0 } }, gradient: 1e-9, eta: 0.1 } },
        trial: { steps: 200, escape: 'x >= 0.5' },
      },
      /^start wrong: every start/,
    ],
    [
      'a share of random starts on a ridge',
      {
        landscape: formula('(relu(x)^2 - 1)^2/4 + relu(-x)^2', ['x'], { right: [1] }),
        start: { descend: { from: { uniform: { low: -0.5, high: 0.5 } }, gradient: 1e-9, eta: 0.02 } },
        trial: { steps: 100, escape: 'distance >= 0.5' },
      },
      /^start (wrong|doubtful): [3-6]\d % of the starts/,
    ],
    [
      'a network whose units are equal',
      {
        landscape: network(0.001),
        start: { descend: { from: [0.3, 0.3, 0.1, 0.1, 0.3, 0.3, 0.1], gradient: 1e-6, eta: 0.1 } },
        update: { ...update, drift: heat(1e-4) },
        trial: { steps: 100, escape: basin },
        trials: 20,
      },
      /start wrong: every start is, or descends into/,
    ],
    [
      'which minimum, from a saddle',
      { start: [0], trial: { steps: 300, converge: { within: 0.1, of: 'any' } }, estimates: ['settle:left'] },
      /^start doubtful: .*the estimate measures this descent/,
    ],
    [
      'convergence that is true from the start',
      { start: { minimum: 'left' }, trial: { steps: 300, escape: 'x >= 0', converge: { within: 0.3, of: 'left' } } },
      /^start wrong: .*they can no longer escape \| .*afterConverge/,
    ],
    [
      'convergence at the first step that its hold allows',
      {
        start: { minimum: 'left' },
        update: { ...update, drift: heat(1e-4) },
        trial: { steps: 300, escape: 'x >= 0', converge: { within: 0.1, of: 'left', hold: 5 } },
      },
      /^start wrong: 100 % of the trials converge at step 5, the earliest possible step/,
    ],
    [
      'noise that jumps out at once',
      {
        start: { minimum: 'left' },
        update: { ...update, drift: { form: 'additive', law: 'gaussian', step: 50 } },
        trial: { steps: 50, escape: 'abs(x) >= 2', divergence: 1e300 },
      },
      /^start wrong: 9\d % of the trials escape in their first step/,
    ],
    [
      'a mark that holds from the beginning',
      { start: [-2], trial: { steps: 100, marks: { good: 'loss <= 3' } } },
      /^start wrong: mark:good holds after the first step in 100 %/,
    ],
    [
      'the same beside an escape',
      { start: { minimum: 'left' }, trial: { steps: 300, escape: 'x >= 0', marks: { good: 'loss <= 3' } } },
      /^start doubtful: mark:good/,
    ],
    [
      'a class that holds whatever happens',
      { start: [-1], trial: { steps: 100, classify: { good: 'loss <= 300' } } },
      /^start doubtful: class:good holds at 100 % of the starts/,
    ],
    [
      'a ball that momentum carries trials through',
      { start: [-2], update: swinging, trial: { steps: 3000, converge: { within: 0.2, of: 'right' } } },
      /^basin wrong: 16 of 16 converged trials have moved away.*\| use `converge\.hold: \d+`/,
    ],
    [
      'an inflection where the gradient is small',
      {
        landscape: formula('(x - 0.5)^3/3 + 0.001*x + 0.2*relu(-x)^3', ['x']),
        start: [2],
        update: { rule: 'gradient', eta: 0.05, drift: heat(1e-4) },
        trial: { steps: 1000, converge: { gradient: 0.01 } },
        trials: 50,
      },
      /^basin wrong: .*converged trials have moved away/,
    ],
    [
      'a rate of ten steps',
      {
        start: { minimum: 'left' },
        update: { ...update, drift: heat(0.15) },
        trial: { steps: 10, escape: 'x >= 0' },
        estimates: ['escapeRate'],
        trials: 1000,
      },
      /^horizon doubtful: trials need about 14 steps.*\| write `rate: \{after: 14\}`/,
    ],
    [
      'a burn-in that is too short',
      {
        start: { minimum: 'left' },
        update: { ...update, eta: 0.01, drift: heat(0.15) },
        trial: { steps: 100, escape: 'x >= 0' },
        rate: { after: 20 },
      },
      /^horizon doubtful: .*after step 20/,
    ],
  ])('%s', async (name, spec, why) => {
    expect((await doubtsOf(name, spec)).join('\n')).toMatch(why)
  })
})

describe('sound twins: no doubt', () => {
  it.each<[string, Case]>([
    ['the minimum beside a saddle', { start: { minimum: 'left' }, trial: { steps: 200, escape: 'x >= 0.5' } }],
    [
      'a flat minimum',
      {
        landscape: formula('x^4', ['x'], { flat: [0] }),
        start: { minimum: 'flat' },
        trial: { steps: 300, escape: 'abs(x) >= 0.6' },
      },
    ],
    [
      'a rate out of a flat minimum',
      {
        landscape: formula('x^4', ['x'], { flat: [0] }),
        start: { minimum: 'flat' },
        trial: { steps: 300, escape: 'abs(x) >= 0.6' },
        estimates: ['escapeRate'],
      },
    ],
    [
      'a minimum that is flat in one direction',
      {
        landscape: formula('x^2/2 + y^4', ['x', 'y'], { flat: [0, 0] }),
        start: { minimum: 'flat' },
        trial: { steps: 300, escape: 'abs(y) >= 0.6' },
      },
    ],
    [
      'a valley of minima',
      { landscape: formula('(x*y - 1)^2/4', ['x', 'y']), start: [1, 1], trial: { steps: 200, escape: 'x >= 2' } },
    ],
    [
      'a ring of minima',
      {
        landscape: formula('(x^2 + y^2 - 1)^2/4', ['x', 'y']),
        start: [1, 0],
        trial: { steps: 200, escape: 'x <= 0' },
      },
    ],
    [
      'who takes which exit, from the saddle',
      { start: [0], trial: { steps: 300, escape: { up: 'x >= 0.9', down: 'x <= -0.9' } } },
    ],
    [
      'convergence that has to hold for longer than noise allows',
      {
        start: { minimum: 'left' },
        update: { ...update, drift: heat(0.12) },
        trial: { steps: 1500, escape: 'x >= 0', converge: { within: 0.05, of: 'left', hold: 50 } },
      },
    ],
    [
      'convergence to the other minimum',
      {
        start: { minimum: 'left' },
        update: { ...update, drift: heat(0.1) },
        trial: { steps: 500, converge: { within: 0.2, of: 'right' } },
        estimates: ['converge@400'],
        horizons: [400],
      },
    ],
    [
      'noise that needs some steps',
      {
        start: { minimum: 'left' },
        update: { ...update, drift: { form: 'additive', law: 'gaussian', step: 0.4 } },
        trial: { steps: 50, escape: 'abs(x) >= 2.2' },
      },
    ],
    ['a mark that takes time', { start: [-2], trial: { steps: 100, marks: { good: 'loss <= 0.01' } } }],
    [
      'a class that nearly always holds, by less noise than would change it',
      {
        start: { minimum: 'left' },
        update: { ...update, drift: heat(0.03) },
        trial: { steps: 300, classify: { left: 'x < 0' } },
      },
    ],
    [
      'a ball in which momentum comes to rest',
      {
        start: [-1.35],
        update: { ...swinging, drift: { ...swinging.drift, step: 0.0003 } },
        trial: { steps: 3000, converge: { within: 0.2, of: 'left', hold: 300 } },
      },
    ],
    [
      'a small gradient at a minimum',
      {
        start: [-1.6],
        update: { ...update, drift: heat(1e-5) },
        trial: { steps: 300, converge: { gradient: 0.05 } },
      },
    ],
    [
      'a probability within ten steps, for which no rate is asked',
      {
        start: { minimum: 'left' },
        update: { ...update, drift: heat(0.15) },
        trial: { steps: 10, escape: 'x >= 0' },
        trials: 1000,
      },
    ],
    [
      'a rate after its burn-in',
      {
        start: { minimum: 'left' },
        update: { ...update, drift: heat(0.06) },
        trial: { steps: 300, escape: 'x >= 0' },
        rate: { after: 20 },
      },
    ],
    [
      'a rate of single throws, which wait for nothing',
      {
        start: { minimum: 'left' },
        update: { ...update, eta: 0.01, drift: { form: 'additive', law: 'cauchy', step: 0.001 } },
        trial: { steps: 100, escape: { outside: { radius: 0.5, of: 'left' } } },
        estimates: ['escapeRate'],
      },
    ],
  ])('%s', async (name, spec) => {
    expect(await doubtsOf(name, spec)).toEqual([])
  })
})
