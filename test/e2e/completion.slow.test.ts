import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { driftfarm, root } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { servedHome } from '@driftfarm/testing/home'
import { needs } from '@driftfarm/testing/program'
import { oneWell, writeSpec } from '@driftfarm/testing/spec'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const home = servedHome()
const folder = temporaryFolder()
afterAll(() => folder.remove())

/** A line for each candidate, then the directive. */
async function completed(words: readonly string[], where = home): Promise<string[]> {
  const { code, stdout, stderr } = await driftfarm(['complete', '--', ...words], { home: where })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t')[0]!)
}

test('commands, their options, and values that are enumerated', async () => {
  expect(await completed(['co'])).toEqual(['coordinator', 'compare', 'completion', ':4'])
  expect(await completed(['db', ''])).toEqual(['migrate', 'status', 'url', 'dump', 'import', ':4'])
  expect(await completed(['plan', '--no'])).toEqual(['--no-pilot', ':4'])
  expect(await completed(['results', 'x', '--format', 'j'])).toEqual(['json', 'jsonl', ':4'])
  expect(await completed(['figure', 'x', '--kind=co'])).toEqual(['convergence', 'contrast', ':4'])
  expect(await completed(['figure', 'x', '--kind', '=', 'ma'])).toEqual(['map', ':4'])
  expect(await completed(['landscapes', 'ba'])).toEqual(['banana', ':4'])
  expect(await completed(['completion', ''])).toEqual(['bash', 'zsh', 'fish', ':4'])
  expect(await completed(['run', '-'])).toContain('--trials')
  expect(await completed(['no-such-command', ''])).toEqual([':4'])
})

test('files where files are meant', async () => {
  for (const words of [
    ['run', ''],
    ['plan', 'exa'],
    ['run', 'spec.yaml', '--shard', '1/2', '-o', ''],
    ['db', 'import', ''],
    ['db', 'import', 'one.driftfarm', ''],
    ['figure', 'x', '-o', ''],
    ['figure', '--kind', 'landscape', ''],
  ])
    expect(await completed(words)).toEqual([':0'])
})

test('names of sweeps from a server that runs; none is started, and nothing is said', async () => {
  await driftfarm(['run', writeSpec(home, 'tab', oneWell({ name: 'tab-one', trials: 1 }))], { home })
  await driftfarm(['run', writeSpec(home, 'tab2', oneWell({ name: 'tab two', trials: 1, seed: 2 }))], { home })
  expect(await completed(['results', ''])).toEqual(['tab two', 'tab-one', ':4'])
  expect(await completed(['compare', 'tab-one', 'tab'])).toEqual(['tab two', 'tab-one', ':4'])
  const other = join(folder.path, 'nothing-here')
  expect(await completed(['status', ''], other)).toEqual([':4'])
  expect(existsSync(other)).toBe(false)
  // A server that has ended: its address is known, and nobody answers.
  const gone = join(folder.path, 'gone')
  mkdirSync(gone)
  const record = JSON.parse(readFileSync(join(home, 'server.json'), 'utf8'))
  writeFileSync(join(gone, 'server.json'), JSON.stringify({ ...record, port: 9 }))
  expect(await completed(['status', ''], gone)).toEqual([':4'])
  // What was there when the last command ended is known all the same.
  writeFileSync(join(gone, 'names.json'), readFileSync(join(home, 'names.json')))
  expect(await completed(['status', ''], gone)).toEqual(['tab two', 'tab-one', ':4'])
  writeFileSync(join(gone, 'names.json'), '{')
  expect(await completed(['status', ''], gone)).toEqual([':4'])
})

beforeAll(() => {
  const program = join(folder.path, 'driftfarm')
  writeFileSync(
    program,
    `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'packages/cli/bin/driftfarm.js')}" "$@"\n`,
  )
  chmodSync(program, 0o755)
})

test(
  'bash: the script is sourced, twice, and completes words, names with spaces and files',
  needs('bash'),
  async () => {
    const { stdout: script } = await driftfarm(['completion', 'bash'], { home })
    writeFileSync(join(folder.path, 'completion.bash'), script)
    writeFileSync(join(folder.path, 'spec.yaml'), '')
    const typed = (...words: string[]) => words.map((word) => `"${word}"`).join(' ')
    const lines = [
      'source ./completion.bash && source ./completion.bash',
      'complete -p driftfarm',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash's.
      'try() { COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); __driftfarm_complete; (IFS=,; echo "${COMPREPLY[*]}"); }',
      `try ${typed('driftfarm', 'figure', 'x', '--kind', 'ma')}`,
      `try ${typed('driftfarm', 'figure', 'x', '--kind', '=')}`,
      `try ${typed('driftfarm', 'results', 'tab')}`,
      `try ${typed('driftfarm', 'run', 'sp')}`,
    ]
    const out = execFileSync('bash', ['--norc', '-c', lines.join('\n')], {
      cwd: folder.path,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${folder.path}:${process.env.PATH}`, DRIFTFARM_HOME: home, DATABASE_URL: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [registered, map, kinds, names, none] = out.split('\n')
    // With `default` bash completes files where the command gives no word.
    expect(registered).toMatch(/-o default.*-F __driftfarm_complete driftfarm/)
    expect([map, none]).toEqual(['map', ''])
    expect(kinds?.split(',')).toContain('trajectory')
    expect(names).toBe('tab\\ two,tab-one')
  },
)

describe.each(['zsh', 'fish'] as const)('%s', (shell) => {
  let stdout: string
  beforeAll(async () => {
    ;({ stdout } = await driftfarm(['completion', shell], { home }))
  })

  test('its script asks the command', () => expect(stdout).toContain('driftfarm complete --'))

  test('its script has the syntax of the shell', needs(shell), () => {
    const file = join(folder.path, `completion.${shell}`)
    writeFileSync(file, stdout)
    expect(execFileSync(shell, ['-n', file], { encoding: 'utf8', stdio: 'pipe' })).toBe('')
  })
})
