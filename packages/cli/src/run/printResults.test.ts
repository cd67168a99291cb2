import { PassThrough } from 'node:stream'
import { DatabaseError } from '@driftfarm/database'
import type { Source, StreamedResults } from '@driftfarm/report'
import { expect, test } from 'vitest'
import { createShell } from '../shell.ts'
import { withFinalResults } from './printResults.ts'

const away = new DatabaseError('UNREACHABLE', 'the database does not answer')

/** Answers after it has refused once, and sends its results with or without a break. */
function source(isBroken = false): Pick<Source, 'withResults'> {
  let asked = 0
  return {
    async withResults(_, use) {
      if (asked++ === 0) throw away
      const value = await use({} as StreamedResults)
      if (isBroken) throw away
      return value
    },
  }
}

test('results are requested again from a farm that does not answer, until something is printed', async () => {
  const stderr = new PassThrough({ encoding: 'utf8' })
  const shell = createShell({ stdout: stderr, stderr, env: {}, cwd: '/' })
  const ask = (from: Pick<Source, 'withResults'>) => withFinalResults(shell, from as Source, 'x', async () => 'results')
  expect(await ask(source())).toBe('results')
  expect(stderr.read()).toBe('the database does not answer: trying again\n')
  await expect(ask(source(true))).rejects.toBe(away)
})
