import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createShell } from '../shell.ts'
import { reportSize } from './reportSize.ts'

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
