import { codedError } from '@driftfarm/formula'

const table = {
  TOKEN_REFUSED: { ends: 'usage' },
  LOGIN_REFUSED: { ends: 'usage' },
  LOGIN_NOT_FOUND: { ends: 'notFound', hint: 'Run `driftfarm access --list` to see all logins.' },
  TOKEN_NOT_FOUND: { ends: 'notFound', hint: 'Run `driftfarm token list` to see all tokens.' },
} as const

export class AccessError extends codedError(table) {
  override readonly name: string = 'AccessError'
}
