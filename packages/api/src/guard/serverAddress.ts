import { isIPv6 } from 'node:net'

export interface ServerAddress {
  readonly host: string
  readonly port: number
  /** Public scheme, host and base path; null without a proxy. */
  readonly publicUrl: URL | null
}

const loopback = new Set(['localhost', '127.0.0.1', '::1', '[::1]'])

export const isLoopback = ({ host }: Pick<ServerAddress, 'host'>): boolean => loopback.has(host)

/** The address of the server for users of this machine. */
export function urlOf({ host, port }: Pick<ServerAddress, 'host' | 'port'>): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : isIPv6(host) ? `[${host}]` : host
  return `http://${name}:${port}`
}

/**
 * Whether the header `Host` of a request names this server. In a DNS rebinding attack, the header names the host of
 * the attacking page. If other machines can connect, the server may have any name, so every host is accepted.
 */
export function isOwnHost(host: string | undefined, place: ServerAddress): boolean {
  if (host === undefined) return false
  if (place.publicUrl !== null && host === place.publicUrl.host) return true
  if (!isLoopback(place)) return true
  if (!URL.canParse(`http://${host}`)) return false
  const { hostname, port } = new URL(`http://${host}`)
  return loopback.has(hostname) && Number(port || 80) === place.port
}

export function isOwnOrigin(
  origin: string | undefined,
  host: string | undefined,
  { publicUrl }: ServerAddress,
): boolean {
  if (origin === undefined) return true
  return origin === publicUrl?.origin || origin === `http://${host}`
}
