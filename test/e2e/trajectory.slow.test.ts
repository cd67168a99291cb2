import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, watch } from 'node:fs'
import { join } from 'node:path'
import { driftfarm, start } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { servedHome } from '@driftfarm/testing/home'
import { writeSpec } from '@driftfarm/testing/spec'
import { afterAll, expect, test } from 'vitest'

const home = servedHome()
const out = temporaryFolder()
afterAll(() => out.remove())

const text = (name: string, steps: number) => `version: 1
name: ${name}
seed: 7
landscape: { preset: banana }
start: { minimum: left }
update: { rule: gradient, eta: 0.1, drift: { form: additive, law: gaussian, sigma: 1 } }
trial: { steps: ${steps}, escape: "x >= 0", afterEscape: continue, marks: { up: "y >= 1.2" } }
trials: 5
`

test('a trajectory has every state from theta_0 to the end, and says what happened', async () => {
  const spec = writeSpec(home, 'walk', text('walk', 200))
  expect((await driftfarm(['run', spec, '--threads', '1'], { home })).code).toBe(0)
  const file = join(out.path, 'walk.csv')
  const { code, stderr } = await driftfarm(['replay', 'walk', '0', '3', '--trajectory', file], { home })
  expect(code, stderr).toBe(0)
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  expect(lines.length).toBe(202)
  expect(lines.slice(0, 2)).toEqual(['n,x,y,loss,gradnorm,events', '0,-1,1,0,0,'])
  expect(lines.at(-1)).toMatch(/^200,.*,end$/)
  const up = lines.findIndex((line) => line.includes('mark:up'))
  expect(Number(lines[up]!.split(',')[2])).toBeGreaterThanOrEqual(1.2)
  for (const line of lines.slice(1, up)) expect(Number(line.split(',')[2])).toBeLessThan(1.2)

  const other = join(out.path, 'walk.jsonl')
  expect((await driftfarm(['replay', 'walk', '0', '3', '--trajectory', other], { home })).code).toBe(0)
  const states = readFileSync(other, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(
    states.map(({ n, theta, loss, gradnorm, events }) => [n, ...theta, loss, gradnorm, events.join(' ')].join(',')),
  ).toEqual(lines.slice(1))
})

test('an interrupted trajectory leaves nothing, nor does one that cannot be written', async () => {
  const spec = writeSpec(home, 'long', text('long', 200_000).replace('trials: 5', 'trials: 1'))
  expect((await driftfarm(['run', spec, '--threads', '1'], { home })).code).toBe(0)
  const target = temporaryFolder()
  const watcher = watch(target.path)
  const begun = once(watcher, 'change')
  const running = start(['replay', 'long', '0', '0', '--trajectory', join(target.path, 'long.csv')], { home })
  await Promise.race([begun, running.finished])
  watcher.close()
  expect(readdirSync(target.path)).toEqual([expect.stringMatching(/\.part$/)])
  running.child.kill('SIGINT')
  expect((await running.finished).code).toBe(130)
  expect(readdirSync(target.path)).toEqual([])

  const nowhere = join(target.path, 'no', 'walk.csv')
  const { code, stderr } = await driftfarm(['replay', 'walk', '0', '3', '--trajectory', nowhere], { home })
  expect([code, stderr]).toEqual([2, expect.stringContaining('cannot write')])
  const wrong = await driftfarm(['replay', 'walk', '0', '3', '--trajectory', join(target.path, 'walk.npy')], { home })
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('cannot be written as .npy')])
  expect(existsSync(nowhere)).toBe(false)
  target.remove()
})
