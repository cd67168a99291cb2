import { createToken, listTokens, revokeToken } from '@driftfarm/database'
import { documents } from '@driftfarm/report'
import { command } from '../command.ts'
import { choice, required } from '../options/option.ts'
import { lifetime } from '../options/parse.ts'
import { note, printChange, printData } from '../output.ts'
import { withSession } from '../session.ts'

export const tokenCreate = command('token create <name>', {
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
    expires: lifetime('lifetime, e.g. 12h or 30d (default: until it is revoked)'),
  },
  examples: ['token create notebook --role read --expires 30d'],
  kinds: ['NewToken'],
  async act(shell, name, { role, expires, ...options }) {
    await withSession(shell, async ({ database }) => {
      const expiresAt = expires === undefined ? null : new Date(Date.now() + expires)
      const token = await createToken(database, { name, role, expiresAt })
      const made = { name, role, expiresAt: expiresAt?.toISOString() ?? null, token }
      await printData(shell, documents.NewToken, made, options)
      note(shell, 'store the token now: it cannot be shown again. From now on every request to this farm needs a token')
    })
  },
})

export const tokenList = command('token list', {
  summary: 'list all tokens, without their secrets',
  kinds: ['TokenList'],
  async act(shell, options) {
    await withSession(shell, async ({ database }) =>
      printData(shell, documents.TokenList, { tokens: await listTokens(database) }, options),
    )
  },
})

export const tokenRevoke = command('token revoke <name>', {
  summary: 'revoke a token',
  examples: ['token revoke notebook'],
  kinds: ['TokenList'],
  async act(shell, name) {
    await withSession(shell, async ({ database }) => {
      await revokeToken(database, name)
      const tokens = await listTokens(database)
      const sentence = `token ${name} is revoked; it stops working within two seconds`
      await printChange(shell, documents.TokenList, { tokens }, sentence)
    })
  },
})
