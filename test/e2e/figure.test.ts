import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { driftfarm } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { shareModules } from '@driftfarm/testing/modules'
import { writeSpec } from '@driftfarm/testing/spec'
import { afterAll, beforeAll, expect, test } from 'vitest'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const folder = temporaryFolder()
const home = folder.path
shareModules(home)
afterAll(() => folder.remove())

const ask = (...arguments_: string[]) => driftfarm(['figure', ...arguments_], { home })
const file = (name: string) => join(home, name)

/** Draws into a file, and returns what is in it. */
async function drawn(name: string, ...arguments_: string[]): Promise<Buffer> {
  const { code, stderr, stdout } = await ask(...arguments_, '-o', file(name))
  expect([code, stdout], stderr).toEqual([0, ''])
  return readFileSync(file(name))
}

let spec: string
beforeAll(async () => {
  spec = writeSpec(home, 'seen', {
    version: 1,
    name: 'seen',
    seed: 4,
    landscape: { preset: 'double-well' },
    start: { minimum: 'left' },
    update: { eta: 0.1, drift: { sigma: 1 } },
    trial: { steps: 60, escape: 'x >= 0' },
    sweep: { 'update.eta': [0.05, 0.1, 0.2], 'update.drift.sigma': [0.8, 1, 1.2] },
    trials: 400,
    contrasts: [{ of: 'escape', between: { 'update.eta': [0.2, 0.05] } }],
  })
  const { code, stderr } = await driftfarm(['run', spec, '--json'], { home })
  expect(code, stderr).toBe(0)
})

test('every kind as SVG, of the numbers that the results have', async () => {
  const { stdout } = await driftfarm(['results', 'seen', '--json'], { home })
  const { cells } = JSON.parse(stdout).data
  for (const [kind, ...more] of [
    ['map'],
    ['line', '--x', 'sigma', '--log', 'y', '--oracle'],
    ['curve', '--where', 'eta == 0.2'],
    ['ends'],
    ['convergence', '--cell', '8'],
    ['trajectory', '--cell', '8', '--trial', '0,3'],
    ['contrast'],
    ['fit', '--fit', 'log(escape) ~ 1/sigma'],
    ['residuals', '--fit', 'log(escape) ~ 1/sigma'],
  ] as const) {
    const svg = String(await drawn(`${kind}.svg`, 'seen', '--kind', kind, ...more))
    expect(svg, kind).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="720"/)
    expect(svg, kind).toContain('<title>seen: ')
    expect(svg, kind).not.toMatch(/NaN|undefined|var\(|currentColor/)
  }
  const { data } = JSON.parse(String(await drawn('map.json', 'seen')))
  expect(data.figure).toBe('map')
  const values = data.layers[0].tiles.map((tile: { cell: number; value: number }) => [tile.cell, tile.value])
  expect(values).toEqual(
    cells.map((cell: { index: number; estimates: { escape: { value: number } } }) => [
      cell.index,
      cell.estimates.escape.value,
    ]),
  )
})

test('a plain figure has its title and caption beside the drawing alone', async () => {
  const plain = String(await drawn('plain.svg', 'seen', '--kind', 'line', '--plain', '--width', '330'))
  const whole = String(await drawn('whole.svg', 'seen', '--kind', 'line', '--width', '330'))
  expect(whole).toContain('font-weight="bold">seen: ')
  expect(plain).not.toContain('font-weight="bold">seen: ')
  expect(plain).toContain('<title>seen: ')
  expect(plain).toMatch(/<desc>Loss L .*Intervals: 95 %/)
  const axes = (svg: string) => svg.match(/<g font-size="12" text-anchor.*/)![0]
  expect(axes(plain)).toBe(axes(whole))
})

test('own titles and a height; names of Greek letters are letters in a drawing, and names in its data', async () => {
  const words = ['seen', '--kind', 'line', '--x', 'sigma', '--height', '400']
  const greek = String(await drawn('greek.svg', ...words))
  expect(greek).toMatch(/width="720" height="400"/)
  expect(greek).toMatch(/>η:<[\s\S]*>σ</)
  const own = String(await drawn('own.svg', ...words, '--label', 'x=noise', '--label', 'by=step size'))
  expect(own).toMatch(/>step size:<[\s\S]*>noise</)
  expect(String(await drawn('greek.csv', 'seen', '--kind', 'line'))).toContain('update.drift.sigma')
  const { code, stderr } = await ask('seen', '--label', 'noise')
  expect([code, stderr]).toEqual([2, expect.stringContaining('x=TEXT')])
})

test('PNG and PDF have the letters of their own font, and a PDF has lines instead of pixels', async () => {
  const png = await drawn('map.png', 'seen', '--width', '400')
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  expect(png.readUInt32BE(16)).toBe(800)
  const pdf = String(await drawn('line.pdf', 'seen', '--kind', 'line', '--theme', 'dark'))
  expect(pdf.startsWith('%PDF-')).toBe(true)
  expect(pdf).toContain('DejaVuSans')
  expect(pdf).not.toContain('/Subtype /Image')
})

test('the terminal draws too, plain where it is none', async () => {
  const { code, stdout } = await ask('seen', '--kind', 'line', '--by', 'eta')
  expect(code).toBe(0)
  expect(stdout.split('\n').length).toBeGreaterThan(18)
  expect(stdout).not.toContain('\u001b')
  expect(stdout).toContain('Intervals: 95 % clopper-pearson, each valid on its own (not simultaneously).')
})

if (full)
  test('the landscape of a spec, and of one with many coordinates the plane through two of its minima', async () => {
    const one = String(await drawn('one.svg', '--kind', 'landscape', spec))
    expect(one).toContain('<title>seen: loss</title>')
    expect(String(await drawn('stored.svg', '--kind', 'landscape', 'seen'))).toBe(one)
    const { code, stderr } = await ask('--kind', 'landscape', 'seen', '--set', 'seed=5')
    expect([code, stderr]).toEqual([2, expect.stringContaining('--set changes a spec file, but there is no file seen')])
    const many = writeSpec(home, 'many', {
      version: 1,
      name: 'many',
      seed: 1,
      landscape: {
        formula: {
          variables: ['a', 'b', 'c'],
          expression: '(a^2 - 1)^2/4 + b^2 + c^2',
          minima: { left: [-1, 0, 0], right: [1, 0, 0] },
        },
      },
      start: { minimum: 'left' },
      update: { eta: 0.1, drift: { sigma: 1 } },
      trial: { steps: 10, escape: 'a > 0' },
      trials: 10,
    })
    const svg = String(await drawn('many.svg', '--kind', 'landscape', many))
    expect(svg).toContain('distance from left towards right')
    expect(svg).toContain('has 3 coordinates')
  })

test('what cannot be drawn is refused in one line, with a way out', async () => {
  const refused = async (...arguments_: string[]) => {
    const { code, stderr, stdout } = await ask(...arguments_)
    expect(stdout).toBe('')
    return [code, ...stderr.trim().split('\n').slice(0, 2)]
  }
  expect(await refused('seen', '-o', file('x.gif'))).toEqual([
    2,
    'error: a figure cannot be written as .gif',
    expect.stringContaining('.svg, .png, .pdf, .csv, .json'),
  ])
  expect(await refused('seen', '--kind', 'line', '--show', 'width')).toEqual([
    2,
    'error: --show does not apply to --kind line',
    expect.stringContaining('--kind map'),
  ])
  expect(await refused('seen', '--x', 'etaa')).toEqual([
    2,
    'error: etaa is not swept',
    expect.stringContaining('did you mean'),
  ])
  expect(await refused('seen', '--where', 'eta > 9')).toEqual([
    6,
    'error: no cell of seen matches eta > 9',
    expect.any(String),
  ])
  expect(await refused('seen', '--kind', 'fit')).toEqual([
    2,
    'error: a figure of a fit needs a formula',
    expect.any(String),
  ])
  expect((await refused('nothing'))[0]).toBe(5)
})

test('a run draws its sweep below the table when it is asked to, and only for people', async () => {
  const { code, stdout } = await driftfarm(['run', spec, '--figure'], { home })
  expect(code).toBe(0)
  const [table, picture] = stdout.split('\n\nseen: ')
  expect(table).toContain('seen  complete  9 cells')
  expect(`seen: ${picture}`).toBe((await ask('seen')).stdout)
  for (const other of ['--json', '--detach']) {
    const refused = await driftfarm(['run', spec, '--figure', other], { home })
    expect([refused.code, refused.stdout]).toEqual([2, ''])
    expect(refused.stderr).toContain('--figure cannot be combined')
  }
})
