import { freshDatabase } from '@driftfarm/testing/database'
import { expect, it } from 'vitest'
import { withClient } from '../connection/connect.ts'
import { statements } from '../connection/prepared.ts'
import '../index.ts'

it('PostgreSQL accepts every statement that the package prepares when it is loaded', async () => {
  const fresh = await freshDatabase()
  try {
    await withClient(fresh.url, async (client) => {
      // Other tests of the same process prepare statements about a table of their own.
      const checked = [...statements.values()].filter(({ text }) => !/^(begin|commit)|farm\.line/.test(text))
      for (const { name, text } of checked) await client.query(`prepare ${name} as ${text}`)
      expect(checked.length).toBeGreaterThan(20)
    })
  } finally {
    await fresh.drop()
  }
})
