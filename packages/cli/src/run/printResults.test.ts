import { DatabaseError } from '@driftfarm/database'
import type { Source, StreamedResults } from '@driftfarm/report'
import { expect, test } from 'vitest'
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
  const said: string[] = []
  const ask = (from: Pick<Source, 'withResults'>) =>
    withFinalResults(
      from as Source,
      'x',
      (line) => said.push(line),
      async () => 'results',
    )
  expect(await ask(source())).toBe('results')
  expect(said).toEqual(['the database does not answer: trying again'])
  await expect(ask(source(true))).rejects.toBe(away)
})
