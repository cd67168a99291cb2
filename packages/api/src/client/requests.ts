import { RemoteError, silent, strangeAnswer, unreachable } from './error.ts'
import { textOf } from './pieces.ts'

/** A farm that is served somewhere. */
export interface Address {
  /** Where it is served, without `/api`: `https://farm.example.org/x/`. */
  readonly url: string
  /** Not needed on the machine of a farm that has none, nor in its own page. */
  readonly token?: string | undefined
}

type Value = string | number | boolean | undefined | null
/** Parameters of a query; lists are repeated. */
export type Query = Readonly<Record<string, Value | readonly Value[]>>

interface Asked {
  readonly query?: Query | undefined
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly accept?: string
  readonly type?: string
  readonly body?: string | Uint8Array
  readonly signal?: AbortSignal | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** Whether a connection that was made has broken. */
const isBroken = (error: unknown): boolean =>
  /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(String((error as { cause?: { code?: unknown } }).cause?.code))

/** What is only looked up comes within this time, also from a busy server whose database does not answer. */
const promptMs = 15_000

/** Sends requests to a farm. What it throws is what the farm said, or that it says nothing. */
export class Requests {
  /** Where the farm is served. */
  readonly url: string
  readonly #base: string
  readonly #token: string | undefined

  constructor({ url, token }: Address) {
    this.url = url.replace(/\/+$/, '')
    this.#base = `${this.url}/api/v1`
    this.#token = token
  }

  /** The answer to a request that was granted. */
  async send(
    path: string,
    { query, method = 'GET', accept, type, body, signal, headers }: Asked = {},
  ): Promise<Response> {
    const url = `${this.#base}${path}${queryText(query)}`
    const once = () =>
      fetch(url, {
        method,
        headers: {
          accept: accept ?? 'application/json',
          ...(type === undefined ? {} : { 'content-type': type }),
          ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
          // A connection that has been idle may be dead without anybody knowing. (A browser ignores this.)
          connection: 'close',
          ...headers,
        },
        ...(body === undefined ? {} : { body: body as BodyInit }),
        ...(signal === undefined ? {} : { signal }),
        // A redirect would carry the token elsewhere. Not 'error', with which Node loses the signal (undici #4627).
        redirect: 'manual',
      })
    const response = await once()
      // What only reads is asked for again after a connection that broke.
      .catch((error) => (method === 'GET' && isBroken(error) ? once() : Promise.reject(error)))
      .catch((error) => {
        throw signal?.aborted === true ? signal.reason : unreachable(this.url, error)
      })
    if (response.ok) return response
    throw await failureOf(response, url)
  }

  /** The data of a document, with its warnings. */
  async document<Data>(path: string, asked?: Asked): Promise<{ kind: string; data: Data; warnings: string[] }> {
    return this.read(await this.send(path, asked))
  }

  /** The same of an answer. */
  async read<Data>(response: Response): Promise<{ kind: string; data: Data; warnings: string[] }> {
    let text = ''
    for await (const piece of textOf(response)) text += piece
    try {
      return JSON.parse(text)
    } catch {
      throw strangeAnswer(this.url, response.status)
    }
  }

  async data<Data>(path: string, query?: Query): Promise<Data> {
    return (await this.document<Data>(path, { query })).data
  }

  /** The same of what takes the server no time: a minute-long computation may precede other answers. */
  async now<Data>(path: string, query?: Query, withinMs = promptMs): Promise<Data> {
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(silent(this.url, withinMs)), withinMs)
    try {
      return (await this.document<Data>(path, { query, signal: late.signal })).data
    } finally {
      clearTimeout(timer)
    }
  }
}

async function failureOf(response: Response, url: string): Promise<Error> {
  const text = await response.text().catch(() => '')
  try {
    const { error } = JSON.parse(text)
    if (typeof error.code === 'string' && typeof error.message === 'string')
      return new RemoteError(error, response.status)
  } catch {
    // Not ours.
  }
  return strangeAnswer(new URL(url).origin, response.status)
}

function queryText(query: Query | undefined): string {
  const parameters = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {}))
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== undefined && each !== null) parameters.append(key, String(each))
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}
