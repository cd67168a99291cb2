import { restored } from '@driftfarm/formula'
import type { Envelope } from './document/define.ts'

/** An answer as it is sent, in the envelope of documents. */
export type SentAnswer = Omit<Envelope, 'schemaVersion'>

/**
 * How a client gets the answer from what was sent. The functions stand apart from the questions, because a page that
 * asks over HTTP must not load the shapes of inputs.
 */
export const receptions = {
  data: ({ data }: SentAnswer) => data,
  dataAndWarnings: ({ data, warnings }: SentAnswer) => ({ data, warnings }),
  kindAndData: ({ kind, data }: SentAnswer) => ({ kind, data }),
  /** The reason why nothing was found has no warnings. JSON represents infinite limits of intervals as strings. */
  foundOrReason: ({ kind, data, warnings }: SentAnswer) =>
    kind === 'NoSuchEstimate' ? data : restored({ data, warnings }),
}

/** What a client needs to ask a question over HTTP. */
export interface QuestionAddress {
  readonly path: string
  readonly takes: 'prompt' | 'long' | null
  readonly received: keyof typeof receptions
}
