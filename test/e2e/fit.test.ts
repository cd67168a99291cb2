import { driftfarm } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { writeSpec } from '@driftfarm/testing/spec'
import { expect, test } from 'vitest'

// A slope against 1/T is called a barrier only where T is the temperature that the noise of the cells has. Trials are
// few: what is said depends on the cells alone.
const home = servedHome()

interface Fit {
  readonly data: {
    readonly slope: { readonly value: number }
    readonly arrhenius: { readonly barrier: { readonly value: number } } | null
    readonly temperature: { readonly slopeIsBarrier: boolean; readonly text: string; readonly mend: string | null }
  }
}

async function fitted(name: string, update: Readonly<Record<string, unknown>>, formula: string): Promise<Fit['data']> {
  const spec = {
    version: 1,
    name,
    seed: 13,
    let: { T: 0.1 },
    landscape: { preset: 'double-well' },
    start: { minimum: 'left' },
    update: { eta: 0.1, ...update },
    trial: { steps: 1000, escape: 'x >= 0' },
    sweep: { 'let.T': [0.08, 0.1, 0.14] },
    trials: 200,
  }
  const run = await driftfarm(['run', writeSpec(home, name, spec), '--threads', '1'], { home })
  expect(run.code, run.stderr).toBe(0)
  const { code, stdout, stderr } = await driftfarm(['results', name, '--fit', formula, '--json'], { home })
  expect(code, stderr).toBe(0)
  return (JSON.parse(stdout) as Fit).data
}

const drift = { form: 'additive', law: 'gaussian', temperature: '= T' }
const rate = 'log(escapeRate) ~ 1/T'

test('of gradient descent it is', async () => {
  const { slope, arrhenius, temperature } = await fitted('plain', { rule: 'gradient', drift }, rate)
  expect(temperature.slopeIsBarrier).toBe(true)
  expect(arrhenius!.barrier.value).toBe(-slope.value)
})

test('beside momentum it is not: half of it is, and so is the slope of what is proposed', async () => {
  const update = { rule: 'momentum', beta: 0.5, drift }
  const { slope, arrhenius, temperature } = await fitted('heavy', update, rate)
  expect(temperature.slopeIsBarrier).toBe(false)
  expect(temperature.text).toContain(
    '0.5 times the temperature T, since noise on theta beside momentum beta 0.5 has T (1 - beta)',
  )
  expect(arrhenius!.barrier.value / -slope.value).toBeCloseTo(0.5, 4)
  const [, proposed] = /--fit "(.*)"$/.exec(temperature.mend!)!
  const mended = await fitted('heavy', update, proposed!)
  expect(mended.temperature.slopeIsBarrier).toBe(true)
  expect(mended.arrhenius!.barrier.value / arrhenius!.barrier.value).toBeCloseTo(1, 4)
})

test('noise on the gradient beside momentum has T, as the check says it should be written', async () => {
  const sigma = { form: 'additive', law: 'gaussian', sigma: '= sqrt(2*T*(1 - beta)/eta)' }
  const { temperature } = await fitted('on-gradient', { rule: 'momentum', beta: 0.5, drift: sigma }, rate)
  expect(temperature.slopeIsBarrier).toBe(true)
})

test('of adam nothing is', async () => {
  const { arrhenius, temperature } = await fitted('adaptive', { rule: 'adam', eta: 0.02, drift }, rate)
  expect([arrhenius, temperature.slopeIsBarrier]).toEqual([null, false])
  expect(temperature.text).toContain('the steps of adam are no linear function of the gradients')
})
