import type { LiveOptions, Source, StatusData } from '@driftfarm/report'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { textOf } from './cellsStream.ts'
import { RemoteError, silentServer } from './error.ts'
import type { Requests } from './requests.ts'

/** Waiting times in ms before successive attempts to reopen a stream. The last one applies to all further attempts. */
const waits = [250, 1_000, 2_000, 3_000]
/**
 * Time in ms without data after which a stream counts as lost. The farm sends a comment every 2 s, so two comments
 * are missing by then.
 */
const silentMs = 4_500

export interface StreamEvent {
  readonly event: 'snapshot' | 'delta' | 'end'
  readonly data: unknown
}

/** `lost`: the stream broke, for the reason in `error`. `back`: the stream is connected again. */
export type ConnectionEvent = { readonly event: 'lost'; readonly error: Error } | { readonly event: 'back' }

export interface EventsOptions {
  readonly signal: AbortSignal
  readonly query?: Readonly<Record<string, string>>
}

/**
 * The events of a stream. If the stream breaks or goes silent, it is reopened and resumes after the last event
 * received. Ends with the event `end` or when the signal is aborted. Throws an error if the farm refuses the request.
 */
export async function* streamEvents(
  requests: Requests,
  path: string,
  { signal, query }: EventsOptions,
): AsyncGenerator<StreamEvent | ConnectionEvent> {
  let seen: string | null = null
  let failed = 0
  while (!signal.aborted) {
    // Not AbortSignal.any: in Node 20 its signal may be garbage-collected before it has aborted.
    const silence = new AbortController()
    const stop = (): void => silence.abort(signal.reason)
    signal.addEventListener('abort', stop)
    let timer: ReturnType<typeof setTimeout> | undefined
    const resetSilenceTimer = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(silentServer(requests.url, silentMs)), silentMs)
    }
    try {
      const headers: Record<string, string> = seen === null ? {} : { 'last-event-id': seen }
      resetSilenceTimer()
      const response = await requests.send(path, {
        query,
        accept: 'text/event-stream',
        signal: silence.signal,
        headers,
      })
      if (failed > 0) yield { event: 'back' }
      failed = 0
      for await (const message of messagesOf(response, resetSilenceTimer)) {
        seen = message.id ?? seen
        const event = message.event as StreamEvent['event']
        // The time that the consumer takes does not count as silence.
        clearTimeout(timer)
        yield { event, data: JSON.parse(message.data) }
        resetSilenceTimer()
        if (event === 'end') return
      }
    } catch (thrown) {
      if (signal.aborted) return
      const error: Error = silence.signal.aborted ? silence.signal.reason : thrown
      // If the farm refuses the request, for example because the sweep was removed, it would refuse every further
      // attempt.
      const { status } = error as { status?: unknown }
      if (typeof status === 'number' && status < 500 && status !== 429) throw error
      yield { event: 'lost', error }
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
    await wait(waits[Math.min(failed++, waits.length - 1)]!, signal)
  }
}

/**
 * The state after each event. A snapshot replaces the known state; other events contain only changes. When the
 * connection is lost, `onLost` is called with the error. When the stream continues, `onLost` is called with null.
 */
export async function* statesOf<State, More = unknown>(
  requests: Requests,
  path: string,
  { onLost = () => undefined, ...options }: LiveOptions,
  merged: (before: State, change: Partial<State> & More) => State,
): AsyncGenerator<State> {
  let state: State | null = null
  for await (const each of streamEvents(requests, path, options)) {
    if (each.event === 'lost') onLost(each.error)
    else if (each.event === 'back') onLost(null)
    else {
      state = state === null || each.event === 'snapshot' ? (each.data as State) : merged(state, each.data as never)
      yield state
    }
  }
}

async function* messagesOf(response: Response, onPiece: () => void): AsyncGenerator<EventSourceMessage> {
  let messages: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (message) => messages.push(message) })
  for await (const piece of textOf(response)) {
    onPiece()
    parser.feed(piece)
    const ready = messages
    messages = []
    yield* ready
  }
}

/** If the connection is lost, the last status is repeated with a message about the connection. */
export async function* statuses(
  requests: Requests,
  source: Pick<Source, 'status'>,
  sweep: string,
  signal: AbortSignal,
): AsyncGenerator<StatusData> {
  const path = `/sweeps/${encodeURIComponent(sweep)}`
  // Request the status first, so that it can be shown if the stream cannot be opened.
  let last = await source.status({ sweep })
  yield last
  for await (const each of streamEvents(requests, `${path}/events`, { signal, query: { cells: 'false' } })) {
    if (each.event === 'lost') {
      const state = each.error instanceof RemoteError ? 'unreachable' : 'silent'
      yield { ...last, farm: { state, words: `${each.error.message}: trying again` } }
    } else if (each.event === 'back') yield last
    else {
      const { status } = each.data as { status?: StatusData }
      // The first and the last event may repeat the status that was yielded last.
      if (status === undefined || JSON.stringify(status) === JSON.stringify(last)) continue
      last = status
      yield status
    }
  }
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
