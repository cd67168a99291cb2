import { codedError } from '@driftfarm/formula'

export class AccessError extends codedError('AccessError', {
  TOKEN_REFUSED: {
    ends: 'usage',
    means: 'The token cannot be created. Its name is already taken or is not allowed.',
    fix: 'Choose another name: at most 64 letters, digits, dots, hyphens and underscores.',
  },
  LOGIN_REFUSED: {
    ends: 'usage',
    means:
      'The database login cannot be created. Its name is taken or not allowed, or the login in DATABASE_URL has no ' +
      'permission to create roles.',
    fix: 'Choose another name, or give the login in DATABASE_URL the attribute `createrole`.',
  },
  LOGIN_NOT_FOUND: {
    ends: 'notFound',
    hint: 'Run `driftfarm access --list` to see all logins.',
    means: 'No login has this name.',
  },
  TOKEN_NOT_FOUND: {
    ends: 'notFound',
    hint: 'Run `driftfarm token list` to see all tokens.',
    means: 'No token has this name, or the token has been revoked.',
  },
}) {}
