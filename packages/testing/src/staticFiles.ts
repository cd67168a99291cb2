import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}

export interface StaticFiles {
  readonly origin: string
  /** Paths that were requested and do not exist. */
  readonly missing: readonly string[]
  close(): void
}

/** Serves the files of a folder under `base`, with no other headers than their type, as plain hosts of files do. */
export async function serveFiles(folder: string, base = '/'): Promise<StaticFiles> {
  const missing: string[] = []
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url!, 'http://x').pathname)
    const name = path.startsWith(base) ? path.slice(base.length) : null
    const file = name === null ? null : join(folder, /(^|\/)$/.test(name) ? `${name}index.html` : name)
    if (file === null || !existsSync(file) || !statSync(file).isFile()) {
      missing.push(path)
      return void response.writeHead(404).end()
    }
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
    response.end(readFileSync(file))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${port}`, missing, close: () => void server.close() }
}
