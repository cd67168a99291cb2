import { documentJson } from '../document/envelope.ts'

/** A JSON object a line. */
export function* jsonLines(records: Iterable<unknown>): Generator<string> {
  for (const record of records) yield `${documentJson(record)}\n`
}
