import { codedError } from '@driftfarm/formula'

export class ApiError extends codedError('ApiError', {
  BAD_REQUEST: {
    ends: 'usage',
    means: 'The route does not accept a parameter, or the body, of the request.',
    fix: 'Correct what the message names. `GET /api/v1/openapi.json` describes what each route accepts.',
  },
  TOO_LARGE: {
    ends: 'usage',
    status: 413,
    means: 'The body, the URL or the headers of the request are too large.',
    fix: 'Send less. The limits are 1 MiB for a spec, 128 MiB for a file (pack it with gzip) and 16 KiB for headers.',
  },
  MEDIA_TYPE: {
    ends: 'usage',
    status: 415,
    means: 'The route does not accept a body of this media type.',
    fix:
      'Send the body in a media type that `GET /api/v1/openapi.json` lists for the route, and name that type in ' +
      '`Content-Type`.',
  },
  NOT_ACCEPTABLE: {
    ends: 'usage',
    status: 406,
    means: 'The header `Accept` requests a format that the route does not offer.',
    fix: 'Request a format that the message lists, or leave out the header.',
  },
  NO_SUCH_ROUTE: {
    ends: 'notFound',
    hint: 'check the path: GET /api/v1/openapi.json lists the routes',
    means: 'The farm has no route at this address.',
  },
  NO_SUCH_METHOD: {
    ends: 'usage',
    status: 405,
    means: 'The route exists, but not with this HTTP method.',
    fix: 'Use one of the methods that `GET /api/v1/openapi.json` lists for the route.',
  },
  FILE_MISSING: {
    ends: 'usage',
    hint: 'upload the file first: PUT /api/v1/data/{its SHA-256}',
    means: 'The spec names a file that has not been uploaded.',
  },
  TOKEN_MISSING: {
    ends: 'notAuthorised',
    hint: 'send `Authorization: Bearer TOKEN`; create a token with `driftfarm token create NAME --role ROLE`',
    means: 'The farm requires a token, and the request has none.',
  },
  TOKEN_UNKNOWN: {
    ends: 'notAuthorised',
    hint: 'check the token for typing errors, or create another one with `driftfarm token create NAME --role ROLE`',
    means: 'The farm does not know the token, or the header `Authorization` contains no token.',
  },
  TOKEN_EXPIRED: {
    ends: 'notAuthorised',
    hint: 'create another token with `driftfarm token create NAME --role ROLE`',
    means: 'The token has expired.',
  },
  ROLE: {
    ends: 'notAuthorised',
    status: 403,
    means: 'The role of the token does not allow this request.',
    fix: 'Ask the administrator of the farm for a token with the role that the message names.',
  },
  FOREIGN: {
    ends: 'notAuthorised',
    status: 403,
    means:
      'The request may come from someone other than the user of this machine: it came through a proxy, from a page ' +
      'of another site, or from another user.',
    fix: 'Send a token. Behind a proxy, also start the server with `--public-url` and the address of the proxy.',
  },
  NAME_NEEDED: {
    ends: 'conflict',
    hint: 'add ?name=NAME to the URL, where NAME is the name of the sweep; this prevents accidental removal',
    means: 'A request to remove a sweep does not give the name of the sweep.',
  },
  TOO_MANY: {
    ends: 'unreachable',
    status: 429,
    means: 'The token sent more requests within a minute than the farm allows.',
    fix:
      'Wait as long as the hint says, and send fewer requests. To wait for a change, follow a stream of events ' +
      'instead.',
  },
  TOO_SLOW: {
    ends: 'usage',
    status: 408,
    means: 'The request did not arrive in time.',
    fix: 'Send the request again over a faster connection.',
  },
  NO_DATABASE: {
    ends: 'unreachable',
    hint: 'try again in a moment; `driftfarm doctor` shows details',
    means: 'The farm answers, but its database does not.',
  },
  BUSY: {
    ends: 'unreachable',
    hint: 'try again in a moment',
    means: 'Too many requests are waiting for slow answers, such as replays, figures and exact values.',
  },
  TOO_LONG: {
    ends: 'timedOut',
    means: 'Computing the answer takes longer than the time limit of a request.',
    fix: 'Make the request smaller, or run the command on a machine that can reach the database.',
  },
}) {}
