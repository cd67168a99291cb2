import type { StatusData } from '@driftfarm/report'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { textOf } from './pieces.ts'
import type { Requests } from './requests.ts'

/** Waits before a stream is begun again, in ms: longer each time that nobody answers. */
const waits = [250, 1_000, 2_000, 5_000, 10_000]

export interface Happening {
  readonly event: 'snapshot' | 'delta' | 'end'
  readonly data: unknown
}

export interface HappeningsOptions {
  readonly signal: AbortSignal
  readonly query?: Readonly<Record<string, string>>
  /** Is told when the stream is lost, with the error, and again when it is back, with null. */
  readonly onLost?: (error: Error | null) => void
}

/**
 * What a stream of events says, for as long as it takes: where it breaks off it is begun again after what was seen
 * last. Ends with the event `end` and with the signal. Throws what is refused.
 */
export async function* happenings(
  requests: Requests,
  path: string,
  { signal, query, onLost = () => undefined }: HappeningsOptions,
): AsyncGenerator<Happening> {
  let seen: string | null = null
  let failed = 0
  while (!signal.aborted) {
    try {
      const headers: Record<string, string> = seen === null ? {} : { 'last-event-id': seen }
      const response = await requests.send(path, { query, accept: 'text/event-stream', signal, headers })
      if (failed > 0) onLost(null)
      failed = 0
      for await (const message of messagesOf(response)) {
        seen = message.id ?? seen
        const event = message.event as Happening['event']
        yield { event, data: JSON.parse(message.data) }
        if (event === 'end') return
      }
    } catch (error) {
      if (signal.aborted) return
      // What is refused, such as a sweep that is gone, is so the next time too.
      const { status } = error as { status?: unknown }
      if (typeof status === 'number' && status < 500 && status !== 429) throw error
      onLost(error as Error)
    }
    await wait(waits[Math.min(failed++, waits.length - 1)]!, signal)
  }
}

async function* messagesOf(response: Response): AsyncGenerator<EventSourceMessage> {
  let messages: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (message) => messages.push(message) })
  for await (const piece of textOf(response)) {
    parser.feed(piece)
    const ready = messages
    messages = []
    yield* ready
  }
}

/** How a sweep stands, at each change; the last one is that of its end. */
export async function* statuses(requests: Requests, sweep: string, signal: AbortSignal): AsyncGenerator<StatusData> {
  const path = `/sweeps/${encodeURIComponent(sweep)}/events`
  let last = ''
  for await (const { data } of happenings(requests, path, { signal, query: { cells: 'false' } })) {
    const { status } = data as { status?: StatusData }
    // The end says again how it stands.
    const text = JSON.stringify(status ?? null)
    if (status !== undefined && text !== last) yield status
    last = text
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
