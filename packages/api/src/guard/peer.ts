import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { Socket } from 'node:net'
import { nullIf } from '@driftfarm/formula'

/**
 * The kind of process that made a connection from this machine. `own`: a process of the user that runs the server.
 * `other`: a process of another user. `relay`: a process of the user that runs the server, but other machines can
 * connect to it, so it may forward their requests.
 *
 * A request does not always show that a proxy forwarded it. Most proxies run as a separate user, so they are `other`.
 * The remaining proxies are `relay`, because they listen on an address that other machines can reach. On a shared
 * machine, processes of other users are `other` too, because they must not control a farm that has no tokens.
 */
export type Peer = 'own' | 'other' | 'relay'

/**
 * Returns the kind of process at the other end of a connection; null if the operating system does not show it. The
 * result is cached, because it requires reading tables of the operating system's kernel.
 */
export function peerOf(socket: Socket): Peer | null {
  if (process.platform !== 'linux' || process.getuid === undefined) return null
  const known = remembered.get(socket)
  if (known !== undefined) return known
  const peer = lookUp(socket, process.getuid())
  remembered.set(socket, peer)
  return peer
}

const remembered = new WeakMap<Socket, Peer | null>()

/** The tables are read up to this many times, because a row may be missing if a table changes during a read. */
const attempts = 3

function lookUp({ remoteAddress, remotePort, localAddress, localPort }: Socket, us: number): Peer | null {
  if (remoteAddress === undefined || localAddress === undefined) return null
  for (let look = 0; look < attempts; look++) {
    const rows = connections()
    if (rows === null) return null
    // The peer has its own row, in which the local address is that of the peer and the remote address is ours. Closed
    // connections belong to no process.
    const theirs = rows.find(
      ({ local, remote, state }) =>
        state === states.established &&
        local.port === remotePort &&
        remote.port === localPort &&
        isSame(local.address, remoteAddress) &&
        isSame(remote.address, localAddress),
    )
    if (theirs === undefined) continue
    if (theirs.user !== us) return 'other'
    const inodes = socketsOfOwners(theirs.inode)
    const relays = rows.some(
      ({ state, inode, local }) => state === states.listening && inodes.has(inode) && !isLoopbackAddress(local.address),
    )
    return relays ? 'relay' : 'own'
  }
  // The tables of this machine do not list the peer, for example because it is in the network of a container.
  return 'other'
}

const states = { established: '01', listening: '0A' } as const

function connections() {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(
    (table) => nullIf(Error, () => readFileSync(table, 'latin1')) ?? [],
  )
  if (tables.length === 0) return null
  return tables
    .flatMap((text) => text.split('\n').slice(1))
    .flatMap((line) => {
      // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode ..
      const [, local = '', remote = '', state = '', , , , user, , inode = ''] = line.trim().split(/\s+/)
      return inode === '' ? [] : [{ local: endOf(local), remote: endOf(remote), state, user: Number(user), inode }]
    })
}

/** The address is in hexadecimal, in the byte order of this machine. */
function endOf(text: string) {
  const [address = '', port = ''] = text.split(':')
  return { address, port: Number.parseInt(port, 16) }
}

/** The inodes of all readable sockets that belong to the same processes as the socket `inode`. */
function socketsOfOwners(inode: string): ReadonlySet<string> {
  const beside = new Set<string>()
  for (const id of namesIn('/proc')) {
    if (!/^\d+$/.test(id)) continue
    const own = socketsOf(id)
    if (own.includes(inode)) for (const each of own) beside.add(each)
  }
  return beside
}

function socketsOf(process: string): readonly string[] {
  const folder = `/proc/${process}/fd`
  return namesIn(folder).flatMap((name) => {
    const [, inode] = /^socket:\[(\d+)\]$/.exec(nullIf(Error, () => readlinkSync(`${folder}/${name}`)) ?? '') ?? []
    return inode === undefined ? [] : [inode]
  })
}

// A process may end at any time, and the system may forbid reading.
const namesIn = (folder: string): readonly string[] => nullIf(Error, () => readdirSync(folder)) ?? []

const mappedIpv4Prefix = '0000000000000000FFFF0000'

/** Whether an address in the kernel's format equals an address in Node's format. */
function isSame(hex: string, address: string): boolean {
  const plain = address.replace(/^::ffff:/, '')
  if (plain === '::1') return hex === '00000000000000000000000001000000'
  const four = plain
    .split('.')
    .map((byte) => Number(byte).toString(16).toUpperCase().padStart(2, '0'))
    .reverse()
    .join('')
  return hex === four || hex === `${mappedIpv4Prefix}${four}`
}

const isLoopbackAddress = (hex: string): boolean =>
  hex === '00000000000000000000000001000000' || /^(0000000000000000FFFF0000)?[0-9A-F]{6}7F$/.test(hex)
