import { command } from '../command.ts'
import { choice, required, valued } from '../options/option.ts'
import { lifetime } from '../options/parse.ts'
import { json } from '../options/shared.ts'

export const tokenCreate = command({
  name: 'token create',
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
  act: async (...given) => (await import('./token/token.ts')).create(...given),
})

export const tokenList = command({
  name: 'token list',
  arguments: [],
  summary: 'list all tokens, without their secrets',
  options: { json },
  examples: ['token list'],
  kinds: ['TokenList'],
  act: async (...given) => (await import('./token/token.ts')).list(...given),
})

export const tokenRevoke = command({
  name: 'token revoke',
  arguments: ['<name>'],
  summary: 'revoke a token',
  options: { json },
  examples: ['token revoke notebook'],
  kinds: ['TokenList'],
  act: async (...given) => (await import('./token/token.ts')).revoke(...given),
})
