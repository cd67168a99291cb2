import { command } from '../command.ts'
import { choice, required, valued } from '../options/option.ts'
import { duration } from '../options/parse.ts'
import { json } from '../options/shared.ts'

export const tokenCreate = command({
  name: 'token create',
  arguments: ['<name>'],
  summary: 'make a token for the HTTP API; its secret is printed once and stored nowhere',
  options: {
    role: required(
      choice('<role>', 'read: look; submit: also hand in sweeps and steer its own; admin: everything', [
        'read',
        'submit',
        'admin',
      ]),
    ),
    expires: valued('<duration>', 'how long it is good for, e.g. 12h, 30d (default: until it is revoked)', duration),
    json,
  },
  examples: ['token create notebook --role read --expires 30d'],
  kinds: ['NewToken'],
  act: async (...given) => (await import('./token/token.ts')).create(...given),
})

export const tokenList = command({
  name: 'token list',
  arguments: [],
  summary: 'the tokens there are, without their secrets',
  options: { json },
  examples: ['token list'],
  kinds: ['TokenList'],
  act: async (...given) => (await import('./token/token.ts')).list(...given),
})

export const tokenRevoke = command({
  name: 'token revoke',
  arguments: ['<name>'],
  summary: 'end a token for good',
  options: { json },
  examples: ['token revoke notebook'],
  kinds: ['TokenList'],
  act: async (...given) => (await import('./token/token.ts')).revoke(...given),
})
