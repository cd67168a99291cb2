import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { afterAll, expect, test } from 'vitest'
import { runCommand } from './runCommand.ts'
import type { ShellOptions } from './shell.ts'
import { erase } from './statusLine.ts'

const folder = mkdtempSync(join(tmpdir(), 'driftfarm-command-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A stream that records what is written. */
class Page extends Writable {
  text = ''
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk
    done()
  }
}

async function command(argv: readonly string[], given: Partial<ShellOptions> = {}) {
  const stdout = new Page()
  const stderr = new Page()
  const code = await runCommand(argv, { stdout, stderr, env: { DRIFTFARM_HOME: folder }, cwd: folder, ...given })
  return { code, stdout: stdout.text, stderr: stderr.text }
}

const spec = (name: string, steps = 100) =>
  JSON.stringify({
    version: 1,
    name,
    seed: 1,
    landscape: { preset: 'double-well' },
    start: [-1],
    update: { rule: 'gradient', eta: 0.1, drift: { sigma: 1 } },
    trial: { steps, escape: 'x >= 0' },
    trials: 10,
  })

test('help goes to the given streams', async () => {
  const { code, stdout, stderr } = await command(['--help'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^Usage: driftfarm .*results.*SWEEP is a name/s)
})

test('an error is printed and returned, not thrown', async () => {
  expect(await command(['plan', 'nothing.yaml'])).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'error: no file nothing.yaml\n  give the path of a spec file; `results`, `figure` and `watch` take the name of ' +
      'a sweep (`driftfarm list`)\n',
  })
  const { code, stderr } = await command(['list', '--jsonn', '--json'])
  expect(code).toBe(2)
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'USAGE' } })
})

test('names in arguments get the Unicode form of specs, files keep theirs', async () => {
  const [one, other] = ['온도'.normalize('NFC'), '온도'.normalize('NFD')]
  writeFileSync(join(folder, `${other}.yaml`), 'version: 2')
  const said = async (argv: string[]) => (await command(argv)).stderr
  expect(await said(['plan', `${other}.yaml`])).toContain('version')
  expect(await said(['results', other])).toContain(`no sweep ${one}`)
})

test('a wrong argument refers to the help of the command', async () => {
  for (const words of [['list', '--jsonn'], ['results'], ['plan', 'a.yaml', '--width', 'wide'], ['db', 'migrate', 'x']])
    expect((await command(words)).stderr).toContain(
      `driftfarm ${words[0]}${words[0] === 'db' ? ' migrate' : ''} --help`,
    )
  expect((await command(['lisst'])).stderr).toContain('`driftfarm --help` lists the commands')
  expect(await command(['list', '--help'])).toMatchObject({ code: 0, stderr: '' })
})

test('concurrent commands do not affect each other', async () => {
  const plan = (name: string, steps: number) =>
    command(['plan', '-', '--no-pilot', '--json'], { stdin: Readable.from([spec(name, steps)]) })
  const [first, second, third] = await Promise.all([plan('one', 10), plan('two', 20), command(['plan', '-'])])
  expect([first.code, second.code]).toEqual([0, 0])
  expect(JSON.parse(first.stdout)).toMatchObject({ kind: 'Plan', data: { sweep: { name: 'one' } } })
  expect(JSON.parse(second.stdout)).toMatchObject({ kind: 'Plan', data: { sweep: { name: 'two' } } })
  expect(third).toMatchObject({ code: 2, stdout: '' })
})

test('the progress line is on the given terminal, and gone at the end', async () => {
  const screen = Object.assign(new Page(), { isTTY: true, columns: 80 })
  expect(
    (await command(['plan', '-', '--no-pilot'], { stdin: Readable.from([spec('shown')]), stderr: screen })).code,
  ).toBe(0)
  expect(screen.text).toContain('reading -')
  expect(screen.text.endsWith(erase)).toBe(true)
})
