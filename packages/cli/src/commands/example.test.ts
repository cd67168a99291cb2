import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { driftfarm, root } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { afterAll, expect, test } from 'vitest'

const folder = temporaryFolder()
afterAll(() => folder.remove())
const example = (...words: string[]) => driftfarm(['example', ...words], { home: join(folder.path, 'home') })
const examples = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.yaml'))

test('all examples are listed with a description', async () => {
  const { code, stdout } = await example()
  expect(code).toBe(0)
  for (const name of examples) expect(stdout).toMatch(new RegExp(`^${name.replace('.yaml', '')}\\s+\\S.{20}`, 'm'))
})

test('an example is printed unchanged, with a note if it reads files', async () => {
  for (const name of ['double-well', 'minibatch-csv']) {
    const { stdout, stderr } = await example(name)
    expect(stdout).toBe(readFileSync(join(root, `examples/${name}.yaml`), 'utf8'))
    expect(stderr).toMatch(name === 'minibatch-csv' ? /data\/sensor\.csv.*-o FILE/ : /^$/)
  }
})

test('it is written with the files that it reads, without overwriting any', async () => {
  mkdirSync(join(folder.path, 'work'))
  const file = join(folder.path, 'work/spec.yaml')
  expect((await example('minibatch-csv', '-o', file)).stderr).toContain('data/sensor.csv')
  expect(existsSync(join(folder.path, 'work/data/sensor.csv'))).toBe(true)
  expect((await example('minibatch-csv', '-o', file)).stderr).not.toContain('data/sensor.csv')
})

test('Python files and the element are given by file name', async () => {
  const file = join(folder.path, 'driftfarm.py')
  expect((await example()).stdout).toMatch(/^for Python: driftfarm\.py, driftfarm_widget\.py, escape\.ipynb/m)
  expect(await example('driftfarm.py', '-o', file)).toMatchObject({ code: 0, stdout: '' })
  expect(readFileSync(file, 'utf8')).toBe(readFileSync(join(root, 'examples/python/driftfarm.py'), 'utf8'))
  expect((await example('element.js')).stdout).toMatch(/customElements\.define.*\bas default\b/s)
  expect((await example('escape.ipyn')).stderr).toContain('escape.ipynb?')
})

test('the list has the line with which editors find the schema of specs', async () => {
  const [, path] = /^# yaml-language-server: \$schema=(.+)$/m.exec((await example()).stdout)!
  expect(JSON.parse(readFileSync(path!, 'utf8')).properties.landscape).toBeDefined()
})

test('an unknown name is reported with the nearest one', async () => {
  expect(await example('double-wel')).toMatchObject({ code: 5, stderr: expect.stringMatching(/double-well\?/) })
  expect(await example('-o', join(folder.path, 'x.yaml'))).toMatchObject({ code: 2 })
  expect(existsSync(join(folder.path, 'home'))).toBe(false)
})
