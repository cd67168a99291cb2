import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { driftfarm } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { writeSpec } from '@driftfarm/testing/spec'
import { expect, test } from 'vitest'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

// A slope against 1/T is called a barrier only where T is the temperature that the noise of the cells has. Trials are
// few: what is said depends on the cells alone.
const home = servedHome()

interface Fit {
  readonly at: number | null
  readonly coefficients: readonly { readonly name: string; readonly value: number }[]
  readonly barrier: {
    readonly value: number
    readonly theory: { readonly barrier: number | null; readonly law: string | null; readonly text: string }
  } | null
  readonly temperature: { readonly slopeIsBarrier: boolean; readonly text: string; readonly hint: string | null }
  readonly cells: readonly { readonly index: number; readonly residual: number }[]
}

const fitsOf = (stdout: string) => (JSON.parse(stdout) as { data: { fits: Fit[] } }).data.fits
const slopeOf = ({ coefficients }: Fit): number => coefficients[1]!.value

async function fitted(name: string, update: Readonly<Record<string, unknown>>, formula: string): Promise<Fit> {
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
  const { code, stdout, stderr } = await driftfarm(['fit', name, formula, '--json'], { home })
  expect(code, stderr).toBe(0)
  return fitsOf(stdout)[0]!
}

const drift = { form: 'additive', law: 'gaussian', temperature: '= T' }
const rate = 'log(escapeRate) ~ 1/T'

if (full)
  test('of gradient descent it is', async () => {
    const fit = await fitted('plain', { rule: 'gradient', drift }, rate)
    expect(fit.temperature.slopeIsBarrier).toBe(true)
    expect(fit.barrier!.value).toBe(-slopeOf(fit))
    // Of the quartic (x^2 - 1)^2/4 the saddle lies 1/4 above the minimum.
    expect(fit.barrier!.theory).toMatchObject({ barrier: 0.25, law: 'eyring-kramers' })
  })

if (full)
  test('beside momentum it is not: half of it is, and so is the slope of what is proposed', async () => {
    // With longer steps the noise beside momentum has no one temperature, and no barrier is given.
    const update = { rule: 'momentum', beta: 0.5, eta: 0.05, drift }
    const fit = await fitted('heavy', update, rate)
    const { barrier, temperature } = fit
    expect(temperature.slopeIsBarrier).toBe(false)
    expect(temperature.text).toContain(
      '0.5 times T, because with momentum beta 0.5, noise on theta has temperature T (1 - beta)',
    )
    expect(barrier!.value / -slopeOf(fit)).toBeCloseTo(0.5, 4)
    expect(barrier!.theory).toMatchObject({ barrier: null, text: expect.stringContaining('the rule is momentum') })
    const [, proposed] = /fit "(.*)"$/.exec(temperature.hint!)!
    const mended = await fitted('heavy', update, proposed!)
    expect(mended.temperature.slopeIsBarrier).toBe(true)
    expect(mended.barrier!.value / barrier!.value).toBeCloseTo(1, 4)
  })

if (full)
  test('noise on the gradient beside momentum has T, as the check says it should be written', async () => {
    const sigma = { form: 'additive', law: 'gaussian', sigma: '= sqrt(2*T*(1 - beta)/eta)' }
    const { temperature } = await fitted('on-gradient', { rule: 'momentum', beta: 0.5, drift: sigma }, rate)
    expect(temperature.slopeIsBarrier).toBe(true)
  })

if (full)
  test('of adam nothing is', async () => {
    const { barrier, temperature } = await fitted('adaptive', { rule: 'adam', eta: 0.02, drift }, rate)
    expect([barrier, temperature.slopeIsBarrier]).toEqual([null, false])
    expect(temperature.text).toContain('the steps of adam are not linear in the gradients')
  })

test('the command prints, draws and writes what the document holds', async () => {
  const spec = {
    version: 1,
    name: 'grid-of-fits',
    seed: 13,
    let: { T: 0.1 },
    landscape: { preset: 'double-well' },
    start: { minimum: 'left' },
    update: { rule: 'gradient', eta: 0.1, drift },
    trial: { steps: 1000, escape: 'x >= 0' },
    sweep: { 'let.T': [0.06, 0.08, 0.1, 0.14], 'update.eta': [0.05, 0.1] },
    trials: 100,
  }
  const ask = (...more: string[]) => driftfarm(['fit', 'grid-of-fits', ...more], { home })
  expect((await driftfarm(['run', writeSpec(home, 'grid-of-fits', spec), '--threads', '1'], { home })).code).toBe(0)

  const both = await ask('log(escapeRate) ~ 1/T + log(eta)', '--json')
  const [fit] = fitsOf(both.stdout)
  expect(fit!.coefficients.map(({ name }) => name)).toEqual(['intercept', '1/T', 'log(eta)'])
  expect(fit!.cells).toHaveLength(8)
  const old = await driftfarm(['results', 'grid-of-fits', '--fit', 'log(escapeRate) ~ 1/T + log(eta)', '--json'], {
    home,
  })
  expect(old.stdout).toBe(both.stdout)

  const figure = join(home, 'fit.svg')
  const by = await ask(rate, '--by', 'eta', '--figure', figure, '--draw')
  expect(by.code, by.stderr).toBe(0)
  expect(by.stdout).toMatch(/one fit for each update\.eta[\s\S]*grid-of-fits: log\(escapeRate\) ~ 1\/T\neta:/)
  expect(by.stderr).toContain(`wrote ${figure}`)
  expect(readFileSync(figure, 'utf8')).toMatch(/^<svg /)
  expect(fitsOf((await ask(rate, '--by', 'eta', '--json')).stdout).map(({ at }) => at)).toEqual([0.05, 0.1])

  const cells = await ask(rate, '--where', 'eta == 0.1', '--residuals', '--format', 'csv')
  expect(cells.stdout.trimEnd().split('\n')).toHaveLength(5)
  const drawn = await driftfarm(
    ['figure', 'grid-of-fits', '--kind', 'residuals', '--fit', rate, '--by', 'eta', '--json'],
    { home },
  )
  expect(JSON.parse(drawn.stdout).data).toMatchObject({ figure: 'residuals', series: ['0.05', '0.1'] })

  for (const [asked, message] of [
    [['log(escapeRate) ~ 1/T + 2/T'], /1\/T and 2\/T are collinear/],
    [['log(escapeRate) ~ 1/T', '--where', 'T == 0.1'], /1\/T has only one value in the 2 cells/],
    [[rate, '--residuals', '--json'], /--json already includes the residuals/],
    [[rate, '--draw', '--json'], /--draw works only below a table/],
    [[rate, '--figure', 'fit.gif'], /a figure cannot be written as \.gif/],
  ] as const) {
    const refused = await ask(...asked)
    expect([refused.code, refused.stdout]).toEqual([2, ''])
    expect(refused.stderr).toMatch(message)
  }
})
