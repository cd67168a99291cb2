import { codedError } from '@driftfarm/formula'

const table = {
  BAD_REQUEST: { ends: 'usage' },
  TOO_LARGE: { ends: 'usage', status: 413 },
  MEDIA_TYPE: { ends: 'usage', status: 415 },
  NOT_ACCEPTABLE: { ends: 'usage', status: 406 },
  NO_SUCH_ROUTE: { ends: 'notFound', hint: 'check the path: GET /api/v1/openapi.json lists the routes' },
  NO_SUCH_METHOD: { ends: 'usage', status: 405 },
  FILE_MISSING: { ends: 'usage', hint: 'upload the file first: PUT /api/v1/data/{its SHA-256}' },
  TOKEN_MISSING: {
    ends: 'notAuthorised',
    hint: 'send `Authorization: Bearer TOKEN`; create a token with `driftfarm token create NAME --role ROLE`',
  },
  TOKEN_UNKNOWN: {
    ends: 'notAuthorised',
    hint: 'check the token for typing errors, or create another one with `driftfarm token create NAME --role ROLE`',
  },
  TOKEN_EXPIRED: { ends: 'notAuthorised', hint: 'create another token with `driftfarm token create NAME --role ROLE`' },
  ROLE: { ends: 'notAuthorised', status: 403 },
  FOREIGN: { ends: 'notAuthorised', status: 403 },
  NAME_NEEDED: {
    ends: 'conflict',
    hint: 'add ?name=NAME to the URL, where NAME is the name of the sweep; this prevents accidental removal',
  },
  TOO_MANY: { ends: 'unreachable', status: 429 },
  TOO_SLOW: { ends: 'usage', status: 408 },
  NO_DATABASE: { ends: 'unreachable', hint: 'try again in a moment; `driftfarm doctor` shows details' },
  BUSY: { ends: 'unreachable', hint: 'try again in a moment' },
  TOO_LONG: { ends: 'timedOut' },
} as const

export type ApiErrorCode = keyof typeof table

export class ApiError extends codedError(table) {
  override readonly name = 'ApiError'
}
