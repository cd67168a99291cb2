import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'

/**
 * Whether a connection from this machine was made by a process of another user. Null where the system does not say.
 *
 * A proxy may pass requests on without a sign that they come from elsewhere; it runs as a user of its own. Nor should
 * the other users of a shared machine steer a farm of which they have no token.
 */
export function isOfAnotherUser(socket: Socket): boolean | null {
  if (process.platform !== 'linux' || process.getuid === undefined) return null
  const known = remembered.get(socket)
  if (known !== undefined) return known
  const user = userOf(socket)
  const foreign = user === undefined ? null : user !== process.getuid()
  remembered.set(socket, foreign)
  return foreign
}

const remembered = new WeakMap<Socket, boolean | null>()

/** The user id of the other end. -1: it is not on this machine as we see it, such as in a container's network. */
function userOf({ remoteAddress, remotePort }: Socket): number | undefined {
  if (remoteAddress === undefined || remotePort === undefined) return undefined
  const port = remotePort.toString(16).toUpperCase().padStart(4, '0')
  let read = false
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    let text: string
    try {
      text = readFileSync(table, 'latin1')
      read = true
    } catch {
      continue
    }
    for (const line of text.split('\n')) {
      // sl local_address rem_address st tx:rx tr:when retrnsmt uid ..; of the other end the local address is its own.
      const [, local = '', , , , , , uid] = line.trim().split(/\s+/)
      if (local.endsWith(`:${port}`) && sameAddress(local.slice(0, -5), remoteAddress)) return Number(uid)
    }
  }
  return read ? -1 : undefined
}

/** Whether an address of the kernel's table, in hexadecimal of this machine's byte order, is the loopback address. */
function sameAddress(hex: string, address: string): boolean {
  const plain = address.replace(/^::ffff:/, '')
  if (plain === '::1') return hex === '00000000000000000000000001000000'
  const bytes = plain.split('.').map(Number)
  const four = [...bytes]
    .reverse()
    .map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
    .join('')
  return hex === four || hex === `0000000000000000FFFF0000${four}`
}
