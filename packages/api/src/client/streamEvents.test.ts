import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, onTestFinished, test } from 'vitest'
import { Requests } from './requests.ts'
import { streamEvents } from './streamEvents.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

async function serving(answer: RequestListener): Promise<Requests> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  await once(server, 'listening')
  return new Requests({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}
const stream = { 'content-type': 'text/event-stream' }
const message = (event: string, id: number) => `id: ${id}\nevent: ${event}\ndata: {"n":${id}}\n\n`

test('a stream ends with the signal, also after a garbage collection', async () => {
  const requests = await serving((_, response) => void response.writeHead(200, stream).write(message('snapshot', 1)))
  const controller = new AbortController()
  const heard: string[] = []
  const listening = (async () => {
    for await (const { event } of streamEvents(requests, '/events', { signal: controller.signal })) heard.push(event)
  })()
  await expect.poll(() => heard).toEqual(['snapshot'])
  await delay(50)
  collectGarbage()
  await delay(50)
  collectGarbage()
  controller.abort()
  await listening
  expect(heard).toEqual(['snapshot'])
})

if (full)
  test('a silent stream counts as lost, and is opened again after the last event', async () => {
    const seen: unknown[] = []
    const requests = await serving((request, response) => {
      seen.push(request.headers['last-event-id'])
      response.writeHead(200, stream).write(message(seen.length === 1 ? 'snapshot' : 'end', seen.length))
    })
    const heard: string[] = []
    const began = performance.now()
    for await (const each of streamEvents(requests, '/events', { signal: new AbortController().signal })) {
      heard.push(each.event === 'lost' ? `lost: ${each.error.message.replace(/:\d+/, '')}` : each.event)
      collectGarbage()
    }
    expect(heard).toEqual(['snapshot', 'lost: no data from http://127.0.0.1 for 4 s', 'back', 'end'])
    expect(seen).toEqual([undefined, '1'])
    expect(performance.now() - began).toBeGreaterThan(4_500)
  })

test('a refusal is thrown', async () => {
  const error = { code: 'SWEEP_NOT_FOUND', message: 'no sweep x', hint: null, path: null, retryable: false }
  const requests = await serving((_, response) => void response.writeHead(404).end(JSON.stringify({ error })))
  const first = streamEvents(requests, '/events', { signal: new AbortController().signal }).next()
  await expect(first).rejects.toMatchObject({ code: 'SWEEP_NOT_FOUND' })
})
