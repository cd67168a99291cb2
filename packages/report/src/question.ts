import type * as z from 'zod'
import type { WithWarnings } from './document/define.ts'
import type { documents } from './documents.generated.ts'
import type { DocumentData } from './documents.ts'
import type { ReportFile } from './file/reportFile.ts'
import type { QuestionAddress, SentAnswer } from './reception.ts'

/** Called from time to time with the number of cells read and the total. */
export type OnCells = (done: number, total: number) => void

/**
 * A question about the stored sweeps: its input, its answer, its address over HTTP, and how a report file answers it.
 * How the ledger answers it is in the package `answers`, in the file of the same name.
 */
export interface Question<Shape extends z.ZodObject, Answer> {
  /** Below `/api/v1`. `:KEY` is a key of the input. The other keys of the input are the parameters of the query. */
  readonly path: string
  readonly summary: string
  /**
   * The input as the text of an address, and the values that this text stands for. In a key with `sweepShape`, a user
   * writes a name; the question is asked with the id.
   */
  readonly input: Shape
  readonly form: AnswerForm<Answer>
  /**
   * `prompt`: the answer needs no computation, so a client soon gives up. `long`: the answer holds a snapshot of the
   * database for long, so a server computes only few such answers at a time.
   */
  readonly takes?: 'prompt' | 'long'
  /** Throws NOT_HELD if the file lacks the answer. */
  inFile(file: ReportFile, input: z.output<Shape>): NoInfer<Answer>
}

/** How an answer is sent. */
export interface AnswerForm<Answer> {
  /** The kind whose schema is published; null if there is none. */
  readonly published: keyof typeof documents | null
  send(answer: Answer): SentAnswer
  readonly received: QuestionAddress['received']
}

export const question = <Shape extends z.ZodObject, Answer>(given: Question<Shape, Answer>) => given

/** The answer is the data of a document. */
export const document = <Kind extends keyof typeof documents>(kind: Kind): AnswerForm<DocumentData<Kind>> => ({
  ...plain<DocumentData<Kind>>(kind),
  published: kind,
})

/** The answer is the data of a document, with warnings. */
export const documentWithWarnings = <Kind extends keyof typeof documents>(
  kind: Kind,
): AnswerForm<WithWarnings<DocumentData<Kind>>> => ({
  published: kind,
  send: (answer) => ({ kind, ...answer }),
  received: 'dataAndWarnings',
})

/** The answer is data that no command prints. */
export const plain = <Data>(kind: string): AnswerForm<Data> => ({
  published: null,
  send: (data) => ({ kind, data, warnings: [] }),
  received: 'data',
})
