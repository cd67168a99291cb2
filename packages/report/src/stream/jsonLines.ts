import { documentJson } from '../document/envelope.ts'

/** One JSON object for each line. */
export function* jsonLines(records: Iterable<unknown>): Generator<string> {
  for (const record of records) yield `${documentJson(record)}\n`
}
