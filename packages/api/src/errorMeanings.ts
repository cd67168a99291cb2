import type { Meanings } from '@driftfarm/formula'
import type { ApiError } from './error.ts'

export const apiMeanings = {
  BAD_REQUEST: {
    means: 'The route does not accept a parameter, or the body, of the request.',
    hint: 'Correct what the message names. `GET /api/v1/openapi.json` describes what each route accepts.',
  },
  TOO_LARGE: {
    means: 'The body, the URL or the headers of the request are too large.',
    hint: 'Send less. The limits are 1 MiB for a spec, 64 MiB for a file and 16 KiB for headers.',
  },
  MEDIA_TYPE: {
    means: 'The route does not accept a body of this media type.',
    hint:
      'Send the body in a media type that `GET /api/v1/openapi.json` lists for the route, and name that type in ' +
      '`Content-Type`.',
  },
  NOT_ACCEPTABLE: {
    means: 'The header `Accept` requests a format that the route does not offer.',
    hint: 'Request a format that the message lists, or leave out the header.',
  },
  NO_SUCH_ROUTE: { means: 'The farm has no route at this address.' },
  NO_SUCH_METHOD: {
    means: 'The route exists, but not with this HTTP method.',
    hint: 'Use one of the methods that `GET /api/v1/openapi.json` lists for the route.',
  },
  FILE_MISSING: { means: 'The spec names a file that has not been uploaded.' },
  TOKEN_MISSING: { means: 'The farm requires a token, and the request has none.' },
  TOKEN_UNKNOWN: { means: 'The farm does not know the token, or the header `Authorization` contains no token.' },
  TOKEN_EXPIRED: { means: 'The token has expired.' },
  ROLE: {
    means: 'The role of the token does not allow this request.',
    hint: 'Ask the administrator of the farm for a token with the role that the message names.',
  },
  FOREIGN: {
    means:
      'The request may come from someone other than the user of this machine: it came through a proxy, from a page ' +
      'of another site, or from another user.',
    hint: 'Send a token. Behind a proxy, also start the server with `--public-url` and the address of the proxy.',
  },
  NAME_NEEDED: { means: 'A request to remove a sweep does not give the name of the sweep.' },
  TOO_MANY: {
    means: 'The token sent more requests within a minute than the farm allows.',
    hint:
      'Wait as long as the hint says, and send fewer requests. To wait for a change, follow a stream of events ' +
      'instead.',
  },
  TOO_SLOW: {
    means: 'The request did not arrive in time.',
    hint: 'Send the request again over a faster connection.',
  },
  NO_DATABASE: { means: 'The farm answers, but its database does not.' },
  BUSY: { means: 'Too many requests are waiting for slow answers, such as replays, figures and exact values.' },
  TOO_LONG: {
    means: 'Computing the answer takes longer than the time limit of a request.',
    hint: 'Make the request smaller, or run the command on a machine that can reach the database.',
  },
} satisfies Meanings<typeof ApiError>
