import { codedError } from '@driftfarm/formula'

const table = {
  TOKEN_REFUSED: { ends: 'usage' },
  LOGIN_REFUSED: { ends: 'usage' },
  LOGIN_NOT_FOUND: { ends: 'notFound', hint: '`driftfarm access --list` shows those there are.' },
  TOKEN_NOT_FOUND: { ends: 'notFound', hint: '`driftfarm token list` shows those there are.' },
} as const

export class AccessError extends codedError(table) {
  override readonly name: string = 'AccessError'
}
