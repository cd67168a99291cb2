import { createToken, listTokens, revokeToken, type TokenRole } from '@driftfarm/database'
import { documents } from '@driftfarm/report'
import { command } from '../command.ts'
import { choice, required, valued } from '../options/option.ts'
import { lifetime } from '../options/parse.ts'
import { json } from '../options/shared.ts'
import { note, printDocument, printedDocument } from '../output.ts'
import { withSession } from '../session.ts'
import type { Shell } from '../shell.ts'

export const tokenCreate = command({
  name: 'token create',
  after: 'db import',
  arguments: ['<name>'],
  summary: 'create a token for the HTTP API. Its secret is printed once and not stored',
  options: {
    role: required(
      choice(
        '<role>',
        'read: view everything. submit: also submit sweeps, and control only the sweeps submitted with this token. ' +
          'admin: everything',
        ['read', 'submit', 'admin'],
      ),
    ),
    expires: valued('<duration>', 'lifetime, e.g. 12h or 30d (default: until it is revoked)', lifetime),
    json,
  },
  examples: ['token create notebook --role read --expires 30d'],
  kinds: ['NewToken'],
  act: create,
})

export const tokenList = command({
  name: 'token list',
  after: 'token create',
  arguments: [],
  summary: 'list all tokens, without their secrets',
  options: { json },
  examples: ['token list'],
  kinds: ['TokenList'],
  act: list,
})

export const tokenRevoke = command({
  name: 'token revoke',
  after: 'token list',
  arguments: ['<name>'],
  summary: 'revoke a token',
  options: { json },
  examples: ['token revoke notebook'],
  kinds: ['TokenList'],
  act,
})

async function create(
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

async function list(shell: Shell, options: { readonly json?: boolean }): Promise<void> {
  await withSession(shell, async ({ database }) =>
    printDocument(shell, printedDocument(documents.TokenList, { tokens: await listTokens(database) }), options),
  )
}

async function act(shell: Shell, name: string, options: { readonly json?: boolean }): Promise<void> {
  await withSession(shell, async ({ database }) => {
    await revokeToken(database, name)
    if (options.json !== true) return note(shell, `token ${name} is revoked; it stops working within two seconds`)
    await printDocument(shell, printedDocument(documents.TokenList, { tokens: await listTokens(database) }), options)
  })
}
