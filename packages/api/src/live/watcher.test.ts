import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGunzip } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Frame, keepAlive, Watcher } from './watcher.ts'

const watchers: Watcher[] = []
const server = createServer(({ url }, response) => watchers.push(new Watcher(response, { zipped: url === '/gzip' })))
let port = 0
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

/** Starts to read a stream; `text` is everything received so far, decompressed. */
async function reading(path: string) {
  const response = await new Promise<IncomingMessage>((resolve) => get({ port, path }, resolve))
  const body = path === '/gzip' ? response.pipe(createGunzip()) : response
  let text = ''
  body.on('data', (piece: Buffer) => {
    text += piece.toString()
  })
  const ended = new Promise<void>((resolve, reject) => body.once('end', resolve).once('error', reject))
  return { response, text: () => text, ended }
}

const until = async (is: () => boolean): Promise<void> => {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 5))
}

test('frames that are compressed once form a valid gzip stream for every watcher, readable part by part', async () => {
  const [plain, first, second] = [await reading('/plain'), await reading('/gzip'), await reading('/gzip')]
  const frames = [
    new Frame('snapshot', 'a-0', JSON.stringify({ name: 'é'.repeat(3_000) })),
    keepAlive,
    ...Array.from(
      { length: 30 },
      (_, i) => new Frame('delta', `a-${i + 1}`, JSON.stringify({ i, random: Math.random() })),
    ),
  ]
  let sent = ''
  for (const [at, frame] of frames.entries()) {
    sent += frame.bytes.toString()
    // The second watcher arrives later, so its stream starts elsewhere.
    for (const watcher of watchers) if (at > 0 || watcher !== watchers[2]) watcher.send(frame)
    await until(() => first.text() === sent && plain.text() === sent)
  }
  for (const watcher of watchers) watcher.end()
  // The reader would fail on a wrong checksum or length.
  await Promise.all([plain.ended, first.ended, second.ended])
  expect(second.text()).toBe(sent.slice(frames[0]!.bytes.toString().length))
  expect(frames.at(-1)!.deflated).toBe(frames.at(-1)!.deflated)
})

test('headers tell proxies neither to cache nor to change a stream', async () => {
  const { response, ended } = await reading('/gzip')
  expect(response.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    'content-encoding': 'gzip',
    vary: 'accept-encoding',
  })
  watchers.at(-1)!.end()
  await ended
})
