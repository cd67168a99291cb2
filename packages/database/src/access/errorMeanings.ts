import type { Meanings } from '@driftfarm/formula'
import type { AccessError } from './errors.ts'

/** What the codes of tokens and logins mean to whoever runs a farm. */
export const accessMeanings = {
  TOKEN_REFUSED: {
    means: 'A token cannot be made: its name is taken, or has characters that names of tokens do not have.',
    mend: 'Take another name: letters, digits, dots, hyphens and underscores, at most 64.',
  },
  LOGIN_REFUSED: {
    means: 'A login of the database cannot be made: its name is taken or refused, or it takes a right that is missing.',
    mend: 'Take another name, or grant `createrole` to the login in DATABASE_URL.',
  },
  LOGIN_NOT_FOUND: { means: 'There is no login of this name.' },
  TOKEN_NOT_FOUND: { means: 'There is no token of this name, or it was revoked already.' },
} satisfies Meanings<typeof AccessError>
