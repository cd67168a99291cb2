import { Writable } from 'node:stream'
import { parseSweep } from '@driftfarm/spec'
import { expect, test } from 'vitest'
import { createShell } from '../shell.ts'
import { computeForAll, reportSize, withTheoryThread } from './theoryThread.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const spec = (start: string, eta: number) => `
version: 1
name: answering
landscape: { preset: double-well }
start: ${start}
update: { rule: gradient, eta: ${eta}, drift: { form: additive, law: gaussian, sigma: 0.4 } }
trial: { steps: 20, escape: { outside: { radius: 0.3, of: left } } }
trials: 1
`

function place(isTTY: boolean, signal?: AbortSignal) {
  const stream = () =>
    Object.assign(new Writable({ write: (_chunk, _encoding, done) => done() }), { isTTY, columns: 80 })
  return createShell({
    stdout: stream(),
    stderr: stream(),
    env: {},
    cwd: '/',
    ...(signal === undefined ? {} : { signal }),
  })
}

const requested = (shell: ReturnType<typeof place>, text: string) =>
  withTheoryThread(shell, (thread) =>
    computeForAll(
      shell,
      thread,
      'theorem',
      [...parseSweep(text, { fileName: 'spec' }).cells()],
      ({ cell, tables }) => ({
        cell,
        tables,
        options: {},
      }),
    ),
  )

if (full)
  test('a thread gives the same answers as this thread', async () => {
    const text = spec('[-0.9]', 0.1)
    const there = await requested(place(true), text)
    expect(there).toEqual(await requested(place(false), text))
    expect(there).toHaveLength(1)
  })

test('an error of the thread is thrown here with its code, hint and exit code', async () => {
  const text = spec('[1000]', 3)
  const thrown = (shell: ReturnType<typeof place>) =>
    requested(shell, text).then(
      () => null,
      ({ code, message, hint, exit, retryable }) => ({ code, message, hint, exit, retryable }),
    )
  const there = await thrown(place(true))
  expect(there).toMatchObject({ code: 'MINIMUM' })
  expect(there).toEqual(await thrown(place(false)))
})

test('a signal ends it with its exit code', async () => {
  expect(await requested(place(true, AbortSignal.abort()), spec('[-0.9]', 0.1))).toBe(130)
})

test('a grid that will take minutes is announced once, even without a terminal', () => {
  let said = ''
  const stream = () =>
    new Writable({
      write(chunk, _encoding, done) {
        said += chunk
        done()
      },
    })
  const shell = createShell({ stdout: stream(), stderr: stream(), env: {}, cwd: '/' })
  const added: string[] = []
  const small = reportSize(shell, 'cell 1 of 2', (words) => added.push(words))
  for (const states of [3_056, 4_718]) small({ states, entries: 1_400 * states })
  expect(said).toBe('')
  const large = reportSize(shell, 'cell 2 of 2', (words) => added.push(words))
  for (const states of [25_333, 43_000]) large({ states, entries: 1_255 * states })
  expect(said).toBe(
    'cell 2 of 2 will take minutes: a grid of 25,333 points with 31.8M transitions, then finer grids; ' +
      'Ctrl-C stops it\n',
  )
  expect(added).toEqual([3_056, 4_718, 25_333, 43_000].map((n) => `, grid of ${n.toLocaleString('en')} points`))
})
