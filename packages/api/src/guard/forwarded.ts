import type { IncomingMessage } from 'node:http'

/** Headers that only a proxy sends. */
const marks = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-forwarded-server',
  'x-real-ip',
  'x-client-ip',
  'cf-connecting-ip',
  'true-client-ip',
] as const

/**
 * Whether a request was passed on by a proxy, as far as it can be seen: by its headers, or by the old version of HTTP
 * that nginx speaks with those behind it unless it is told otherwise.
 */
export const isForwarded = ({ headers, httpVersion }: Pick<IncomingMessage, 'headers' | 'httpVersion'>): boolean =>
  httpVersion === '1.0' || marks.some((mark) => headers[mark] !== undefined)
