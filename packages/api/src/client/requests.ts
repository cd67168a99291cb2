import { textOf } from './cellsStream.ts'
import { RemoteError, silentServer, unexpectedResponse, unreachable } from './error.ts'

export interface Address {
  /** The URL of the farm without `/api`, such as `https://farm.example.org/x/`. */
  readonly url: string
  /** The token for the farm. Not needed on the page of the farm, or on the same machine as a farm without tokens. */
  readonly token?: string | undefined
}

type Value = string | number | boolean | undefined | null
/** A list becomes one parameter for each of its elements. */
export type Query = Readonly<Record<string, Value | readonly Value[]>>

interface RequestOptions {
  readonly query?: Query | undefined
  readonly method?: 'GET' | 'PATCH' | 'POST' | 'PUT' | 'DELETE'
  readonly accept?: string
  readonly type?: string
  readonly body?: string | Uint8Array
  readonly signal?: AbortSignal | undefined
  readonly headers?: Readonly<Record<string, string>>
}

const isBroken = (error: unknown): boolean =>
  /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(String((error as { cause?: { code?: unknown } }).cause?.code))

/** Sends requests to a farm. Throws the error that the farm returned, or a ServerAddressError if no farm answers. */
export class Requests {
  readonly url: string
  readonly #base: string
  readonly #token: string | undefined

  constructor({ url, token }: Address) {
    this.url = url.replace(/\/+$/, '')
    this.#base = `${this.url}/api/v1`
    this.#token = token
  }

  /** Throws the error in the answer if the request is not successful. */
  async send(
    path: string,
    { query, method = 'GET', accept, type, body, signal, headers }: RequestOptions = {},
  ): Promise<Response> {
    const url = `${this.#base}${path}${queryText(query)}`
    const once = () =>
      fetch(url, {
        method,
        headers: {
          accept: accept ?? 'application/json',
          ...(type === undefined ? {} : { 'content-type': type }),
          ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
          // An idle connection may have died unnoticed, so connections are not reused. (Browsers ignore this header.)
          connection: 'close',
          ...headers,
        },
        ...(body === undefined ? {} : { body: body as BodyInit }),
        ...(signal === undefined ? {} : { signal }),
        // Redirects are not followed, because they would send the token elsewhere. The option `error` would refuse
        // redirects too, but aborting `signal` could then have no effect in Node (undici #4627).
        redirect: 'manual',
      })
    const response = await once()
      // After a broken connection, a read can safely be repeated.
      .catch((error) => (method === 'GET' && isBroken(error) ? once() : Promise.reject(error)))
      .catch((error) => {
        throw signal?.aborted === true ? signal.reason : unreachable(this.url, error)
      })
    if (response.ok) return response
    throw await failureOf(response, url)
  }

  /** With `withinMs`, the time until the whole answer has arrived is limited. */
  async document<Data>(
    path: string,
    { withinMs, ...requested }: RequestOptions & { readonly withinMs?: number | undefined } = {},
  ): Promise<{ kind: string; data: Data; warnings: string[] }> {
    if (withinMs === undefined) return this.read(await this.send(path, requested))
    const signal = AbortSignal.timeout(withinMs)
    try {
      return await this.read(await this.send(path, { ...requested, signal }))
    } catch (error) {
      throw signal.aborted ? silentServer(this.url, withinMs) : error
    }
  }

  async read<Data>(response: Response): Promise<{ kind: string; data: Data; warnings: string[] }> {
    let text = ''
    for await (const piece of textOf(response)) text += piece
    try {
      return JSON.parse(text)
    } catch {
      throw unexpectedResponse(this.url, response.status)
    }
  }

  async data<Data>(path: string, requested?: RequestOptions): Promise<Data> {
    return (await this.document<Data>(path, requested)).data
  }
}

async function failureOf(response: Response, url: string): Promise<Error> {
  const text = await response.text().catch(() => '')
  try {
    const { error } = JSON.parse(text)
    if (typeof error.code === 'string' && typeof error.message === 'string')
      return new RemoteError(error, response.status)
  } catch {
    // The body is not an error from a farm.
  }
  return unexpectedResponse(new URL(url).origin, response.status)
}

function queryText(query: Query | undefined): string {
  const parameters = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {}))
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== undefined && each !== null) parameters.append(key, String(each))
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}
