import { driftfarmError } from '@driftfarm/formula'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { ApiError, type ApiErrorCode } from './error.ts'

/** Answers with the error object of `--json`, and the status of the error's own table. */
export function fail(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const error = driftfarmError(ofFramework(thrown) ?? thrown)
  const { code, message, hint, path, retryable, status, errors } = error as typeof error & { errors?: unknown }
  if (status >= 500) request.log.error({ err: thrown }, 'a request failed')
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="driftfarm"')
  if (status === 429 || status === 503) reply.header('retry-after', 5)
  const listed = errors === undefined ? {} : { errors }
  void reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(`${JSON.stringify({ error: { code, message, hint, path, retryable, ...listed } })}\n`)
}

export function notFound(request: FastifyRequest, reply: FastifyReply): void {
  fail(new ApiError('NO_SUCH_ROUTE', `there is no ${request.method} ${request.url.split('?')[0]}`), request, reply)
}

/** What the framework refuses, in our words; null for what is not its own. */
function ofFramework(thrown: unknown): ApiError | null {
  if (hasZodFastifySchemaValidationErrors(thrown)) {
    const [first] = thrown.validation
    const inside = first?.instancePath?.replaceAll('/', '.').replace(/\.$/, '') ?? ''
    const where = `${thrown.validationContext ?? 'request'}${inside}`
    return new ApiError('BAD_REQUEST', `${where}: ${first?.message ?? 'it is not as it should be'}`, {
      hint: 'GET /api/v1/openapi.json says what each route takes',
    })
  }
  const { code, statusCode, message } = thrown as FastifyError
  if (typeof code !== 'string' || !code.startsWith('FST_') || typeof statusCode !== 'number' || statusCode >= 500)
    return null
  return new ApiError(codes[statusCode] ?? 'BAD_REQUEST', lower(message))
}

const codes: Readonly<Record<number, ApiErrorCode>> = {
  404: 'NO_SUCH_ROUTE',
  405: 'NO_SUCH_METHOD',
  413: 'TOO_LARGE',
  414: 'TOO_LARGE',
  415: 'MEDIA_TYPE',
  429: 'TOO_MANY',
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
