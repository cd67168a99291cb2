import { isIPv6 } from 'node:net'

/** Where a server is reached: what it listens at, and the address that a proxy in front of it has. */
export interface Place {
  readonly host: string
  readonly port: number
  /** Scheme, host and base path under which the outside knows it; null without a proxy. */
  readonly publicUrl: URL | null
}

const loopback = new Set(['localhost', '127.0.0.1', '::1', '[::1]'])

/** Whether only processes of this machine can connect. */
export const isLoopback = ({ host }: Pick<Place, 'host'>): boolean => loopback.has(host)

/** The address of the place, for people of this machine. */
export function urlOf({ host, port }: Pick<Place, 'host' | 'port'>): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : isIPv6(host) ? `[${host}]` : host
  return `http://${name}:${port}`
}

/**
 * Whether a request names this server as its host. A page of elsewhere whose name was made to mean this machine (DNS
 * rebinding) names its own. Where others than this machine can connect, any name may be right.
 */
export function isOwnHost(host: string | undefined, place: Place): boolean {
  if (host === undefined) return false
  if (place.publicUrl !== null && host === place.publicUrl.host) return true
  if (!isLoopback(place)) return true
  if (!URL.canParse(`http://${host}`)) return false
  const { hostname, port } = new URL(`http://${host}`)
  return loopback.has(hostname) && Number(port || 80) === place.port
}

/** Whether a request comes from our own page, or from no page at all. */
export function isOwnOrigin(origin: string | undefined, host: string | undefined, { publicUrl }: Place): boolean {
  if (origin === undefined) return true
  return origin === publicUrl?.origin || origin === `http://${host}`
}
