import type { Duplex } from 'node:stream'
import { isFull, isRetryable } from '@driftfarm/database'
import { driftfarmError, kindOf } from '@driftfarm/formula'
import { type DocumentData, documentJson, type documents, envelope, reportedError } from '@driftfarm/report'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { ApiError } from './error.ts'

type Kind = keyof typeof documents

/** Answers with the document that `--json` prints, or with data that no command prints, in the same envelope. */
export function sendDocument<K extends string>(
  reply: FastifyReply,
  kind: K,
  data: K extends Kind ? DocumentData<K> : unknown,
  { status = 200, warnings = [] }: { readonly status?: number; readonly warnings?: readonly string[] } = {},
): FastifyReply {
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(`${documentJson(envelope(kind, data, warnings))}\n`)
}

/** Percent-encodes strings and joins them with spaces, because a header cannot contain every character. */
export const headerList = (texts: readonly string[]): string => texts.map(encodeURIComponent).join(' ')

/** Answers with the error object that `--json` prints, and with the HTTP status of the error. */
export function replyWithError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const error = driftfarmError(ofFramework(thrown) ?? ofDatabase(thrown) ?? thrown)
  const { status } = error
  if (status >= 500) request.log.error({ err: thrown }, 'a request failed')
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="driftfarm"')
  if (status === 429 || status === 503) reply.header('retry-after', 5)
  void reply.code(status).type('application/json; charset=utf-8').send(bodyOf(error))
}

const bodyOf = (error: unknown): string => `${JSON.stringify({ error: reportedError(error) })}\n`

/** Input that is not valid HTTP never reaches the framework, so the answer is written here. */
export function refuseConnection({ code }: NodeJS.ErrnoException, socket: Duplex): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const [line, error] = refused[code ?? ''] ?? [
    '400 Bad Request',
    new ApiError('BAD_REQUEST', 'the request is not valid HTTP'),
  ]
  const body = bodyOf(error)
  socket.end(
    `HTTP/1.1 ${line}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}` +
      `\r\nConnection: close\r\n\r\n${body}`,
  )
}

const refused: Readonly<Record<string, readonly [line: string, error: ApiError]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    new ApiError('TOO_LARGE', 'the headers are larger than 16 KiB'),
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', new ApiError('TOO_SLOW', 'the request did not arrive in time')],
}

/** The error reveals neither the address of the database nor the name of the login. */
function ofDatabase(thrown: unknown): ApiError | null {
  const isGone = kindOf(thrown)?.ends === 'unreachable' && !isFull(thrown)
  if (!isGone && !isRetryable(thrown)) return null
  // The login is refused, for example after a failover or a changed password. Trying again does not help.
  const isRefused = kindOf(thrown)?.retryable === false
  const message = `the database of the farm ${isRefused ? 'refuses this server' : 'does not answer'}`
  return new ApiError('NO_DATABASE', message, { cause: thrown, retryable: !isRefused })
}

export function notFound(request: FastifyRequest, reply: FastifyReply): void {
  const { method, url } = request
  replyWithError(new ApiError('NO_SUCH_ROUTE', `there is no route ${method} ${url.split('?')[0]}`), request, reply)
}

function ofFramework(thrown: unknown): ApiError | null {
  if (hasZodFastifySchemaValidationErrors(thrown)) {
    const [first] = thrown.validation
    const inside = first?.instancePath?.replaceAll('/', '.').replace(/\.$/, '') ?? ''
    const where = `${thrown.validationContext ?? 'request'}${inside}`
    return new ApiError('BAD_REQUEST', `${where}: ${first?.message ?? 'the value is not valid'}`, {
      hint: 'GET /api/v1/openapi.json describes what each route accepts',
    })
  }
  const { code, statusCode, message } = thrown as FastifyError
  if (typeof code !== 'string' || !code.startsWith('FST_') || typeof statusCode !== 'number' || statusCode >= 500)
    return null
  return new ApiError(codes[statusCode] ?? 'BAD_REQUEST', lower(message))
}

const codes: Readonly<Record<number, ApiError['code']>> = {
  404: 'NO_SUCH_ROUTE',
  405: 'NO_SUCH_METHOD',
  413: 'TOO_LARGE',
  414: 'TOO_LARGE',
  415: 'MEDIA_TYPE',
  429: 'TOO_MANY',
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
