import { codedError } from '@driftfarm/formula'

/** What can go wrong with a request before anything is asked of the farm. */
const table = {
  BAD_REQUEST: { ends: 'usage' },
  TOO_LARGE: { ends: 'usage', status: 413 },
  MEDIA_TYPE: { ends: 'usage', status: 415 },
  NOT_ACCEPTABLE: { ends: 'usage', status: 406 },
  NO_SUCH_ROUTE: { ends: 'notFound', hint: 'GET /api/v1/openapi.json lists the routes' },
  NO_SUCH_METHOD: { ends: 'usage', status: 405 },
  FILE_MISSING: { ends: 'usage', hint: 'send the bytes of that file by PUT /api/v1/data/{its SHA-256} first' },
  TOKEN_MISSING: {
    ends: 'notAuthorised',
    hint: 'send a token as `Authorization: Bearer ...`; driftfarm token create makes one',
  },
  TOKEN_UNKNOWN: { ends: 'notAuthorised', hint: 'it was mistyped or revoked; driftfarm token create makes another' },
  TOKEN_EXPIRED: { ends: 'notAuthorised', hint: 'driftfarm token create makes another' },
  ROLE: { ends: 'notAuthorised', status: 403 },
  FOREIGN: { ends: 'notAuthorised', status: 403 },
  NAME_NEEDED: { ends: 'conflict', hint: 'give its name as ?name=, so that nothing is removed by a slip' },
  TOO_MANY: { ends: 'unreachable', status: 429 },
  TOO_SLOW: { ends: 'usage', status: 408 },
  NO_DATABASE: { ends: 'unreachable', hint: 'try again in a moment; driftfarm doctor says more' },
  BUSY: { ends: 'unreachable', hint: 'try again in a moment' },
  TOO_LONG: { ends: 'timedOut' },
} as const

export type ApiErrorCode = keyof typeof table

export class ApiError extends codedError(table) {
  override readonly name = 'ApiError'
}
