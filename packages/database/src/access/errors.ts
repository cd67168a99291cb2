import { codedError } from '@driftfarm/formula'

const table = {
  TOKEN_REFUSED: { ends: 'usage' },
  LOGIN_REFUSED: { ends: 'usage' },
  LOGIN_NOT_FOUND: { ends: 'notFound', hint: '`driftfarm access --list` shows all logins.' },
  TOKEN_NOT_FOUND: { ends: 'notFound', hint: '`driftfarm token list` shows all tokens.' },
} as const

export class AccessError extends codedError(table) {
  override readonly name: string = 'AccessError'
}
