import { createToken, listTokens, revokeToken, type TokenRole } from '@driftfarm/database'
import { documents } from '@driftfarm/report'
import { note, printDocument, printedDocument } from '../../output.ts'
import { withSession } from '../../session.ts'
import type { Shell } from '../../shell.ts'

export async function create(
  shell: Shell,
  name: string,
  { role, expires, json }: { readonly role: TokenRole; readonly expires?: number; readonly json?: boolean },
): Promise<void> {
  await withSession(shell, async ({ database }) => {
    const expiresAt = expires === undefined ? null : new Date(Date.now() + expires)
    const token = await createToken(database, { name, role, expiresAt })
    const made = { name, role, expiresAt: expiresAt?.toISOString() ?? null, token }
    await printDocument(shell, printedDocument(documents.NewToken, made), { ...(json === undefined ? {} : { json }) })
    if (json !== true)
      note(shell, 'store the token now: it cannot be shown again. From now on every request to this farm needs a token')
  })
}

export async function list(shell: Shell, options: { readonly json?: boolean }): Promise<void> {
  await withSession(shell, async ({ database }) =>
    printDocument(shell, printedDocument(documents.TokenList, { tokens: await listTokens(database) }), options),
  )
}

export async function revoke(shell: Shell, name: string, options: { readonly json?: boolean }): Promise<void> {
  await withSession(shell, async ({ database }) => {
    await revokeToken(database, name)
    if (options.json !== true) return note(shell, `token ${name} is revoked; it stops working within two seconds`)
    await printDocument(shell, printedDocument(documents.TokenList, { tokens: await listTokens(database) }), options)
  })
}
