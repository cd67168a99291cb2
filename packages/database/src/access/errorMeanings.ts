import type { Meanings } from '@driftfarm/formula'
import type { AccessError } from './errors.ts'

/** Meanings of the error codes of tokens and logins, for operators of a farm. */
export const accessMeanings = {
  TOKEN_REFUSED: {
    means: 'The token cannot be created. Its name is already taken or is not allowed.',
    hint: 'Choose another name: at most 64 letters, digits, dots, hyphens and underscores.',
  },
  LOGIN_REFUSED: {
    means:
      'The database login cannot be created. Its name is taken or not allowed, or the login in DATABASE_URL has no ' +
      'permission to create roles.',
    hint: 'Choose another name, or give the login in DATABASE_URL the attribute `createrole`.',
  },
  LOGIN_NOT_FOUND: { means: 'No login has this name.' },
  TOKEN_NOT_FOUND: { means: 'No token has this name, or the token has been revoked.' },
} satisfies Meanings<typeof AccessError>
