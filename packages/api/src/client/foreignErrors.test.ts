import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import { driftfarmError } from '@driftfarm/formula'
import { type Ending, endingOf, thrownBy } from '@driftfarm/testing/foreign'
import { expect, onTestFinished, test } from 'vitest'
import { linesOf } from './cellsStream.ts'
import { Requests } from './requests.ts'

// Real errors of real connections: no error here is made by hand.
async function addressOf(server: Server | TcpServer): Promise<Requests> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
  return new Requests({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/farm` })
}
const answering = (answer: RequestListener): Promise<Requests> => addressOf(createServer(answer))

/** An answer that is cut off after its beginning. */
const breaking: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-length': '1000' })
  response.write('{"kind":', () => response.destroy())
}

const html =
  (status: number): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end('<html>Bad Gateway</html>')
  }

type Real = readonly [what: string, work: () => Promise<unknown>, ending: Ending]

const all: readonly Real[] = [
  ['nothing listens', () => new Requests({ url: 'http://127.0.0.1:1/farm' }).data('/farm'), ['UNREACHABLE', 7, true]],
  [
    'no machine has the name',
    () => new Requests({ url: 'http://no-such-machine.invalid/farm' }).data('/farm'),
    ['UNREACHABLE', 7, true],
  ],
  [
    'the server closes before it answers',
    async () => (await answering((request) => request.socket.destroy())).data('/farm'),
    ['UNREACHABLE', 7, true],
  ],
  [
    'the server closes in the middle of its answer',
    async () => (await answering(breaking)).data('/farm'),
    ['UNREACHABLE', 7, true],
  ],
  [
    'the server closes in the middle of a list',
    async () => {
      const requests = await answering(breaking)
      for await (const _ of linesOf(await requests.send('/sweeps/x/trials')));
    },
    ['UNREACHABLE', 7, true],
  ],
  [
    'the server says nothing',
    async () => (await answering(() => undefined)).document('/farm', { withinMs: 50 }),
    ['SILENT', 7, true],
  ],
  [
    'the server does not speak HTTP',
    async () => {
      const server = createTcpServer((socket) => socket.on('error', () => undefined).end('-ERR what\r\n'))
      return (await addressOf(server)).data('/farm')
    },
    ['UNREACHABLE', 7, true],
  ],
  [
    'the server has no TLS',
    async () => new Requests({ url: (await answering(html(200))).url.replace('http:', 'https:') }).data('/farm'),
    ['UNREACHABLE', 7, false],
  ],
  ['a proxy answers 502', async () => (await answering(html(502))).data('/farm'), ['STRANGE_ANSWER', 7, false]],
  ['a proxy answers with a page', async () => (await answering(html(200))).data('/farm'), ['STRANGE_ANSWER', 7, false]],
  // Controls: an unexpected error stays unexpected.
  [
    'the farm has a defect',
    async () => {
      const error = { code: 'UNEXPECTED', message: 'a defect', hint: null, path: null, retryable: false }
      return (await answering((_, response) => void response.writeHead(500).end(JSON.stringify({ error })))).data('/x')
    },
    ['UNEXPECTED', 1, false],
  ],
  ['this program has a defect', async () => (undefined as unknown as Requests).url, ['UNEXPECTED', 1, false]],
]

test.each(all)('%s', async (_, work, ending) => {
  const error = driftfarmError(await thrownBy(work))
  expect(endingOf(error)).toEqual(ending)
  // The message has the address without the path of the request.
  if (ending[0] === 'UNREACHABLE') expect(error.message).toMatch(/no farm answers at https?:\/\/[\w.:-]+\/farm: /)
})

test('a request that its user aborted does not count as a broken connection', async () => {
  const requests = await answering((_, response) => void response.writeHead(200).write('{}\n'))
  const user = new AbortController()
  const lines = linesOf(await requests.send('/farm', { signal: user.signal }))
  expect((await lines.next()).value).toEqual({})
  user.abort(new Error('enough'))
  await expect(lines.next()).rejects.toThrow('enough')
})
