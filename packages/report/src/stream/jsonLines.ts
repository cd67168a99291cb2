import { documentJson } from '../document/envelope.ts'

export function* jsonLines(records: Iterable<unknown>): Generator<string> {
  for (const record of records) yield `${documentJson(record)}\n`
}
