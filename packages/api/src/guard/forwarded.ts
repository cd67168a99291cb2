import type { IncomingMessage } from 'node:http'

const proxyHeaders = [
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
 * Whether a request shows that a proxy forwarded it: by its headers, or by HTTP 1.0, which nginx uses by default for
 * requests to the servers behind it.
 */
export const isForwarded = ({ headers, httpVersion }: Pick<IncomingMessage, 'headers' | 'httpVersion'>): boolean =>
  httpVersion === '1.0' || proxyHeaders.some((name) => headers[name] !== undefined)
