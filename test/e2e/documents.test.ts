import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { begin, driftfarm, root } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { freePort } from '@driftfarm/testing/port'
import { writeSpec } from '@driftfarm/testing/spec'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const home = servedHome()

const schemas = join(root, 'docs/schema')
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true })
const published = new Map<string, ValidateFunction>(
  readdirSync(schemas).map((file) => [
    file.replace('.schema.json', ''),
    ajv.compile(JSON.parse(readFileSync(join(schemas, file), 'utf8'))),
  ]),
)
const checked = new Set(['spec'])

/** By a validator that knows nothing of the code which the schemas are made from. */
function check(name: string, text: string): void {
  checked.add(name)
  const validate = published.get(name)!
  validate(JSON.parse(text))
  expect(validate.errors ?? [], `${name}: ${text}`).toEqual([])
}

const print = async (name: string, ...command: string[]): Promise<string> => {
  const { code, stdout, stderr } = await driftfarm([...command, '--json'], { home })
  expect(code, `${command.join(' ')}\n${stderr}`).toBe(0)
  for (const line of stdout.trimEnd().split('\n')) check(name, line)
  return stdout
}

const text = `version: 1
name: documents
seed: 7
landscape: { preset: double-well }
start: { minimum: left }
update: { rule: gradient, eta: 0.1, drift: { form: additive, law: gaussian, sigma: 1.5 } }
trial: { steps: 100, escape: "x >= 0", marks: { up: "x >= -0.5" }, converge: { within: 0.05, of: any, hold: 20 } }
sweep: { update.eta: [0.05, 0.1] }
observe: { far: { value: distance, at: [escape, horizon], every: 50 } }
trials: 200
`

const valuedText = `version: 1
name: valued
seed: 7
landscape: { preset: double-well }
start: { minimum: left }
update: { rule: gradient, eta: 0.1, drift: { form: additive, law: gaussian, sigma: 0.8 } }
trial: { steps: 60, escape: { right: "x >= 0", far: "x <= -3" } }
sweep: { method: [{ splitting: { particles: 20, replicas: 4 } }, { tilt: { shift: "-2 * max(g, 0) / 0.8" } }] }
trials: 200
`

test('so are those of replicas and weighted trials', async () => {
  const valued = writeSpec(home, 'valued', valuedText)
  await print('results', 'run', valued, '--threads', '1')
  await print('replica', 'replay', 'valued', '0', '3')
  await print('weighted', 'replay', 'valued', '1', '3')
  await print('rows', 'results', 'valued', '--rows')
})

test('so are those that only a served farm has', async () => {
  const listen = `127.0.0.1:${await freePort()}`
  const farm = begin(['coordinator', '--listen', listen], { home })
  await farm.says('API at')
  for (const [name, path] of [
    ['cell', 'sweeps/valued/cells/0'],
    ['cells', 'sweeps/valued/cells'],
    ['failures', 'failures'],
    ['recent', 'recent'],
  ] as const) {
    const answer = await fetch(`http://${listen}/api/v1/${path}`)
    expect(answer.status, path).toBe(200)
    check(name, await answer.text())
  }
  await farm.interrupt()
})

if (full)
  test('every document that a command prints is what its published schema says', async () => {
    const spec = writeSpec(home, 'documents', text)
    await print('plan', 'plan', spec)
    await print('results', 'run', spec, '--threads', '1')
    await print('plan', 'plan', spec, '--relative', '0.1', '--confidence', '0.95')
    await print('results', 'results', 'documents')
    await print('rows', 'results', 'documents', '--rows')
    await print('fit', 'results', 'documents', '--fit', 'log(escapeRate) ~ eta')
    await print('best', 'results', 'documents', '--best', 'escape')
    await print('curves', 'results', 'documents', '--curve')
    await print('observed', 'results', 'documents', '--observed')
    await print('figure', 'figure', 'documents')
    await print('figure', 'figure', 'documents', '--kind', 'curve')
    await print('figure', 'figure', 'documents', '--kind', 'observed')
    await print('comparison', 'compare', 'documents', 'documents')
    await print('rows', 'sql', 'select * from cell')
    await print('sweep-list', 'list')
    await print('status', 'status', 'documents')
    await print('trial', 'replay', 'documents', '1', '7')
    await print('verification', 'verify', 'documents')
    const events = await print('watch-event', 'watch', 'documents')
    expect(events.trimEnd().split('\n').at(-1)).toMatch(/^\{"type":"result"/)
    await print('doctor', 'doctor')
    await print('farm', 'farm')
    await print('new-token', 'token', 'create', 'documents', '--role', 'read')
    await print('token-list', 'token', 'list')
    await print('database-status', 'db', 'status')
    await print('landscape-list', 'landscapes')
    await print('landscape', 'landscapes', 'banana')
    await print('landscape', 'landscapes', 'quadratic')
    await print('minima', 'minima', spec)
    await print('oracle', 'oracle', spec, '--cell', '1', '--set', 'trial.converge.hold=1')
    const theorem = await print('theorem', 'theorem', spec, '--cell', '1')
    // Escape of the cell was measured above; it is not leaving a ball.
    expect(JSON.parse(theorem).data.cells[0].measured).toMatchObject({
      sweep: 'documents',
      trials: 200,
      sameEvent: false,
    })
    const { code, stdout, stderr } = await driftfarm(['pause', 'documents', '--json'], { home })
    expect([code, stdout]).toEqual([6, ''])
    check('error', stderr)
    await print('status', 'extend', 'documents', '--trials', '300')
    await print('status', 'stop', 'documents')
    await print('removed', 'rm', 'documents')
    await print('submitted', 'run', spec, '--detach')
    const file = join(home, 'shard.driftfarm')
    await print('shard', 'run', spec, '--set', 'seed=8', '--set', 'name=sharded', '--shard', '1/2', '-o', file)
    await print('imported', 'db', 'import', file)
    await print('watch-event', 'watch', 'documents', '--timeout', '60s')

    expect([...published.keys()].filter((name) => !checked.has(name))).toEqual([])
  })

test('the published schemas refuse what no command prints', async () => {
  const results = JSON.parse(await print('results', 'results', 'valued'))
  const wrong = (change: (document: typeof results) => void) => {
    const document = structuredClone(results)
    change(document)
    return published.get('results')!(document)
  }
  expect(wrong(() => undefined)).toBe(true)
  expect(wrong(({ data }) => Object.assign(data.cells[0], { extra: 1 }))).toBe(false)
  expect(wrong(({ data }) => Object.assign(data.sweep, { seed: 7 }))).toBe(false)
  expect(wrong(({ data }) => Object.assign(data.cells[0].estimates.escape, { method: 'wald' }))).toBe(false)
  expect(wrong(({ data }) => delete data.cells[1].digest)).toBe(false)
})
