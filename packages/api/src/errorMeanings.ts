import type { Meanings } from '@driftfarm/formula'
import type { ApiError } from './error.ts'

/** What the codes of a request mean to whoever asks a farm over HTTP. */
export const apiMeanings = {
  BAD_REQUEST: {
    means: 'A parameter or the body of the request is not as the route takes it.',
    mend: 'The message names the place; `GET /api/v1/openapi.json` says what each route takes.',
  },
  TOO_LARGE: {
    means: 'The body, the address or the headers of the request are too large.',
    mend: 'Send less. A spec has at most 1 MiB, a file 64 MiB, headers 16 KiB.',
  },
  MEDIA_TYPE: {
    means: 'The body is of a kind that the route does not take.',
    mend: 'Send the kind that `GET /api/v1/openapi.json` names, and say so by `Content-Type`.',
  },
  NOT_ACCEPTABLE: {
    means: 'The header `Accept` asks for a format that there is not.',
    mend: 'Take one that the message lists, or leave the header out.',
  },
  NO_SUCH_ROUTE: { means: 'The farm has nothing at this address.' },
  NO_SUCH_METHOD: {
    means: 'The farm has this address, and not for this method.',
    mend: '`GET /api/v1/openapi.json` lists the methods of each route.',
  },
  FILE_MISSING: { means: 'A spec was handed in whose files were not sent before.' },
  TOKEN_MISSING: { means: 'The farm answers nobody without a token, and none was sent.' },
  TOKEN_UNKNOWN: { means: 'The token that was sent is not one of the farm, or the header holds none.' },
  TOKEN_EXPIRED: { means: 'The time of the token is over.' },
  ROLE: {
    means: 'The token is known, and its role does not allow this.',
    mend: 'Ask whoever runs the farm for a token of the role that the message names.',
  },
  FOREIGN: {
    means:
      'The request may come from somebody else than the user of this machine: through a proxy, from a page of ' +
      'another site, or from another user.',
    mend: 'Send a token. For a proxy, also name its address by `--public-url`.',
  },
  NAME_NEEDED: { means: 'A sweep is to be removed, and its name was not given beside its id.' },
  TOO_MANY: {
    means: 'More requests came with this token within a minute than the farm allows one token.',
    mend:
      'Wait as long as the message says, and ask less often. Whoever waits for a change can follow a stream of ' +
      'events, which tells it by itself.',
  },
  TOO_SLOW: {
    means: 'The request did not arrive in time.',
    mend: 'Send it again over a faster connection.',
  },
  NO_DATABASE: { means: 'The farm answers, and its database does not.' },
  BUSY: { means: 'Too many requests wait for what takes long, such as replays, figures and exact values.' },
  TOO_LONG: {
    means: 'An answer takes longer than a request may.',
    mend: 'Ask for less, or by the command on a machine that reaches the database.',
  },
} satisfies Meanings<typeof ApiError>
