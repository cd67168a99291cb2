import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { needs } from '@driftfarm/testing/program'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Peer, peerOf } from './peer.ts'

// The peer is found in tables of the Linux kernel.
describe('who has connected', needs('linux'), () => {
  let server: Server
  let port: number
  const children: ChildProcess[] = []
  beforeAll(async () => {
    server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  })
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL')
    server.close()
  })

  /** Runs a program that connects to our server, and returns how it is classified. */
  async function taken(program: string, options: { readonly uid?: number } = {}): Promise<Peer | null> {
    const arrived = once(server, 'connection') as Promise<[Socket]>
    const child = spawn(process.execPath, ['-e', `const net = require('node:net'); const port = ${port}; ${program}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
      ...options,
    })
    children.push(child)
    const [socket] = await arrived
    const peer = peerOf(socket)
    socket.destroy()
    return peer
  }

  const plain = "net.connect(port, '127.0.0.1')"
  test('a program of our own', async () => expect(await taken(plain)).toBe('own'))

  test('one that listens only for this machine is no proxy', async () =>
    expect(await taken(`net.createServer().listen(0, '127.0.0.1', () => ${plain})`)).toBe('own'))

  test('one that listens for other machines may be a proxy', async () => {
    expect(await taken(`net.createServer().listen(0, '0.0.0.0', () => ${plain})`)).toBe('relay')
    expect(await taken(`net.createServer().listen(0, () => ${plain})`)).toBe('relay')
  })

  test('one of another user, also on a port that we use elsewhere', needs('linux', 'root'), async () => {
    const nobody = { uid: 65_534 }
    expect(await taken(plain, nobody)).toBe('other')
    // The same port on our side of another connection, since the port alone must not decide.
    const elsewhere = createServer().listen(0, '127.0.0.2')
    await once(elsewhere, 'listening')
    const { connect } = await import('node:net')
    const ours = connect({
      host: '127.0.0.2',
      port: (elsewhere.address() as AddressInfo).port,
      localAddress: '127.0.0.1',
    })
    await once(ours, 'connect')
    const same = `net.connect({ host: '127.0.0.1', port, localAddress: '127.0.0.1', localPort: ${ours.localPort} })`
    expect(await taken(same, nobody)).toBe('other')
    ours.destroy()
    elsewhere.close()
  })
})
