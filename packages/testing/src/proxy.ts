import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface Proxy {
  /** Returns `url` with its host and port replaced by those of this proxy. */
  through(url: string): string
  /**
   * From now on, established connections pass no byte in either direction but stay open, as when a NAT or a firewall
   * drops them or a node is lost. New connections are not affected. Returns the number of affected connections.
   */
  silence(): number
  /**
   * From now on, new connections are accepted and forwarded ('all'), reset ('none'), or accepted and never answered
   * ('silent').
   */
  admit(how: 'all' | 'none' | 'silent'): void
  /** Sends RST to both sides of every connection. */
  reset(): void
  /** Delays every chunk by this time, in both directions, without changing the order. */
  delay(ms: number): void
  /** Passes no data for this time, then passes all of it in order. */
  stall(ms: number): void
  readonly made: number
  /** The number of forwarded connections that are open and not silenced. */
  readonly open: number
  untilMade(connections: number): Promise<void>
  close(): Promise<void>
}

interface Line {
  readonly near: Socket
  readonly far: Socket
  silent: boolean
}

/** A TCP proxy on a free loopback port in front of the server of the URL `target`. */
export async function startProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target)
  const lines = new Set<Line>()
  let delayMs = 0
  let stalledUntilMs = 0
  let made = 0
  const awaited = new Map<() => void, number>()
  let admitted: 'all' | 'none' | 'silent' = 'all'

  const forward = (line: Line, from: Socket, to: Socket): void => {
    // One queue for all chunks, so that they keep their order even if the delay becomes shorter in the meantime.
    const waiting: { readonly chunk: Buffer; readonly dueMs: number }[] = []
    const pass = (): void => {
      for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
        const leftMs = next.dueMs - performance.now()
        if (leftMs > 0) {
          setTimeout(pass, Math.ceil(leftMs))
          return
        }
        waiting.shift()
        if (!line.silent && to.writable) to.write(next.chunk)
      }
    }
    from.on('data', (chunk: Buffer) => {
      if (line.silent) return
      const dueMs = Math.max(stalledUntilMs, performance.now() + delayMs)
      if (waiting.push({ chunk, dueMs }) === 1) pass()
    })
    // If one side closes a silenced connection, the other side stays open, as when a node is lost.
    from.on('close', () => {
      lines.delete(line)
      if (!line.silent) to.destroy()
    })
    from.on('end', () => {
      if (!line.silent) to.end()
    })
    from.on('error', () => undefined)
  }
  const strangers = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (near) => {
    made++
    for (const [look, least] of awaited) {
      if (made < least) continue
      awaited.delete(look)
      look()
    }
    if (admitted !== 'all') {
      near.on('error', () => undefined)
      if (admitted === 'none') near.resetAndDestroy()
      else strangers.add(near.resume())
      return
    }
    const far = connect({ port: Number(port), host: hostname, allowHalfOpen: true })
    const line: Line = { near, far, silent: false }
    lines.add(line)
    forward(line, near, far)
    forward(line, far, near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port for the proxy')
  const { port: own } = address
  const all = new Set<Socket>()
  server.on('connection', (socket: Socket) => all.add(socket))

  return {
    through(url) {
      const changed = new URL(url)
      changed.hostname = '127.0.0.1'
      changed.port = String(own)
      return changed.href
    },
    silence() {
      for (const line of lines) line.silent = true
      return lines.size
    },
    admit(how) {
      admitted = how
    },
    reset() {
      for (const { near, far } of lines) {
        near.resetAndDestroy()
        far.resetAndDestroy()
      }
    },
    delay(ms) {
      delayMs = ms
    },
    stall(ms) {
      stalledUntilMs = performance.now() + ms
    },
    get made() {
      return made
    },
    get open() {
      return [...lines].filter(({ silent }) => !silent).length
    },
    async untilMade(connections) {
      if (made < connections) await new Promise<void>((resolve) => awaited.set(resolve, connections))
    },
    async close() {
      server.close()
      for (const { near, far } of lines) {
        near.destroy()
        far.destroy()
      }
      for (const socket of [...all, ...strangers]) socket.destroy()
    },
  }
}
