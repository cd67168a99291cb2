import type { documents } from './documents.generated.ts'

/** The data of a document of this kind. */
export type DocumentData<Kind extends keyof typeof documents> = (typeof documents)[Kind] extends {
  readonly data?: infer Data
}
  ? Exclude<Data, undefined>
  : never
