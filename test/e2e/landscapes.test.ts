import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { driftfarm } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { shareModules } from '@driftfarm/testing/modules'
import { writeSpec } from '@driftfarm/testing/spec'
import { afterAll, expect, test } from 'vitest'

const folder = temporaryFolder()
const home = folder.path
shareModules(home)
afterAll(() => folder.remove())

const spec = (minima: string, start: string) => `version: 1
name: tilted
seed: 3
landscape:
  formula: { variables: [x], expression: "(x^2 - 1)^2/4 + x/10" }
${minima}
start: ${start}
update: { rule: gradient, eta: 0.1, drift: { form: additive, law: gaussian, sigma: 1 } }
trial: { steps: 10, escape: "x >= 0" }
sweep: { update.drift.sigma: [1, 2] }
trials: 10
`

test('minima that are found can be pasted, and are then starts', async () => {
  const random = writeSpec(home, 'random', spec('', '{ uniform: { low: -2, high: 2 } }'))
  const file = join(home, 'minima.yaml')
  const found = await driftfarm(['minima', random, '-o', file, '--json'], { home })
  expect(found.code, found.stderr).toBe(0)
  // Both cells of the sweep have the same landscape and starts: one search.
  const { cells } = JSON.parse(found.stdout).data
  expect(cells.length).toBe(1)
  expect(cells[0].minima.map(({ name }: { name: string }) => name)).toEqual(['m1', 'm2'])
  const block = readFileSync(file, 'utf8')
  expect(block).toBe('minima:\n  m1: [-1.0466805318046022]\n  m2: [0.9456492739235914]\n')

  const named = writeSpec(home, 'named', spec(block.replace(/^/gm, '  ').trimEnd(), '{ minimum: m2 }'))
  const again = await driftfarm(['minima', named, '--json'], { home })
  expect(again.code, again.stderr).toBe(0)
  const [cell] = JSON.parse(again.stdout).data.cells
  expect(cell.minima).toMatchObject([{ name: 'm1', known: 'm2', share: { count: 1, value: 1, low: 1, high: 1 } }])
  expect((await driftfarm(['minima', named], { home })).stdout).toContain('a random start')
})

test('what minima refuses', async () => {
  const two = writeSpec(home, 'two', spec('', '[0.5]').replace('update.drift.sigma', 'update.eta'))
  const ask = async (...more: string[]) => {
    const { code, stderr } = await driftfarm(['minima', two, ...more], { home })
    return [code, stderr.split('\n')[0]]
  }
  expect(await ask('-o', join(home, 'x.yaml'))).toEqual([
    2,
    'error: -o writes the minima of one cell, but 2 cells are selected',
  ])
  expect(await ask('--cell', '2')).toEqual([5, 'error: no cell 2'])
  expect(await ask('--seed', '-1')).toEqual([2, "error: '-1' is not a seed"])
  expect((await ask('--eta', '0'))[0]).toBe(2)
})

test('a landscape as text, in a file and as JSON', async () => {
  const svg = join(home, 'banana.svg')
  const { code, stdout } = await driftfarm(['landscapes', 'banana', '--svg', svg], { home, env: { LC_ALL: 'C' } })
  expect(code).toBe(0)
  expect(stdout).toContain('dL/dy      y - x^2')
  expect(stdout).toContain('minimum 2  right (1, 1), L = 0')
  // No terminal, no colours, no locale: nothing but ASCII.
  expect(stdout).toMatch(/^[\n\x20-\x7e]*$/)
  expect(readFileSync(svg, 'utf8')).toMatch(/^<svg .*<\/svg>\n$/s)
  const json = await driftfarm(['landscapes', 'banana', '--json'], { home })
  expect(JSON.parse(json.stdout).data).toMatchObject({
    losses: { left: 0, right: 0 },
    view: [
      [-1.8, 1.8],
      [-0.9, 2.9],
    ],
  })
  const all = await driftfarm(['landscapes', '--json'], { home })
  const gradients = JSON.parse(all.stdout).data.landscapes.map(({ gradient }: { gradient: object }) => gradient)
  expect(gradients.length).toBe(12)
  expect(gradients).toContainEqual({
    'dL/dx[1]': '-(4*b*x[1]*(x[2] - x[1]^2) + 2*(1 - x[1]))',
    'dL/dx[2]': '2*b*(x[2] - x[1]^2)',
  })
  // Nothing that a formula of a spec could not hold.
  for (const text of gradients.flatMap(Object.values)) expect(text).not.toMatch(/select|sum\(/)
  expect((await driftfarm(['landscapes', '--svg', svg], { home })).code).toBe(2)
  expect((await driftfarm(['landscapes', 'bananna'], { home })).stderr).toContain('did you mean banana?')
})
