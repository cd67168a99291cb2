import * as z from 'zod'
import { renderColumns } from '../format/table.ts'
import { define } from './define.ts'
import { timeShape } from './fields.ts'

const tokenShape = z.strictObject({
  name: z.string(),
  role: z.enum(['read', 'submit', 'admin']),
  createdAt: timeShape,
  expiresAt: timeShape.nullable().describe('null: it never expires.'),
  usedAt: timeShape.nullable().describe('Time of the last use, to the minute; null: never used.'),
})

const time = (text: string | null): string => (text === null ? 'never' : text.slice(0, 16).replace('T', ' '))

/** What `token list` prints. Secrets are not stored. */
export const tokenList = define('TokenList', z.strictObject({ tokens: z.array(tokenShape) }), {
  table: ({ tokens }, options) =>
    tokens.length === 0
      ? 'no tokens: everyone on this machine has full access, and no one else has access\n'
      : renderColumns(options, tokens, [
          ['name', ({ name }) => name],
          ['role', ({ role }) => role],
          ['created (UTC)', ({ createdAt }) => time(createdAt)],
          ['expires', ({ expiresAt }) => time(expiresAt)],
          ['last used', ({ usedAt }) => time(usedAt)],
        ]),
})

/** What `token create` prints. */
export const newToken = define(
  'NewToken',
  tokenShape.pick({ name: true, role: true, expiresAt: true }).extend({
    token: z.string().describe('The secret. It is shown only once.'),
  }),
  { table: ({ token }) => `${token}\n` },
)
