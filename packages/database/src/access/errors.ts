import { codedError } from '@driftfarm/formula'

const table = {
  TOKEN_REFUSED: { ends: 'usage' },
  TOKEN_NOT_FOUND: { ends: 'notFound', hint: '`driftfarm token list` shows those there are.' },
} as const

export class AccessError extends codedError(table) {
  override readonly name: string = 'AccessError'
}
