import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { temporaryFolder } from './folder.ts'
import { freePort } from './port.ts'
import { programPath } from './program.ts'

export interface Firefox {
  goto(url: string): Promise<void>
  /** Runs the body of a function in the page until it returns something, and returns that. */
  waitFor(body: string): Promise<unknown>
  close(): Promise<void>
}

/** How long a page may take to answer, in ms. */
const patience = 60_000

/**
 * Opens Firefox without a window. Declare each test that calls this function with `needs('firefox')`. Firefox is driven
 * by Marionette, its own protocol, which needs no further program: arrays in JSON over TCP, each after its length.
 */
export async function openFirefox(): Promise<Firefox> {
  const profile = temporaryFolder('driftfarm-firefox-')
  const port = await freePort()
  writeFileSync(join(profile.path, 'user.js'), `user_pref('marionette.port', ${port});\n`)
  const child = spawn(
    programPath('firefox'),
    ['--headless', '--marionette', '--no-remote', '--profile', profile.path],
    {
      stdio: 'ignore',
      env: { ...process.env, HOME: profile.path },
    },
  )
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const send = commandsOver(await connected(port, ended))
  await send('WebDriver:NewSession', { capabilities: {} })
  return {
    goto: async (url) => void (await send('WebDriver:Navigate', { url })),
    async waitFor(body) {
      for (const end = Date.now() + patience; Date.now() < end; ) {
        const { value } = await send('WebDriver:ExecuteScript', { script: body, args: [] })
        if (value !== null && value !== undefined && value !== false) return value
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      throw new Error(`nothing after ${patience} ms: ${body}`)
    },
    async close() {
      child.kill()
      await ended
      profile.remove()
    },
  }
}

/** Tries until Firefox listens. */
async function connected(port: number, ended: Promise<void>): Promise<Socket> {
  let hasEnded = false
  ended.then(() => (hasEnded = true))
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    if (isOpen) return socket
    if (hasEnded) throw new Error('Firefox ended before it listened')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

type Answer = { readonly value?: unknown }

function commandsOver(socket: Socket) {
  const waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>()
  let received = Buffer.alloc(0)
  socket.on('data', (piece: Buffer) => {
    received = Buffer.concat([received, piece])
    for (;;) {
      const colon = received.indexOf(':')
      const end = colon + 1 + Number(received.subarray(0, Math.max(0, colon)))
      if (colon < 0 || received.length < end) return
      const message: unknown = JSON.parse(received.subarray(colon + 1, end).toString())
      received = received.subarray(end)
      // The first message only introduces Firefox.
      if (!Array.isArray(message)) continue
      const [, id, error, answer] = message
      if (error === null) waiting.get(id)?.resolve(answer ?? {})
      else waiting.get(id)?.reject(new Error(error.message))
      waiting.delete(id)
    }
  })
  socket.once('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('Firefox closed the connection'))
  })
  let last = 0
  return (name: string, parameters: object): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const id = ++last
      waiting.set(id, { resolve, reject })
      const text = JSON.stringify([0, id, name, parameters])
      socket.write(`${Buffer.byteLength(text)}:${text}`)
    })
}
