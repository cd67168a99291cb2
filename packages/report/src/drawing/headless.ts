import { parseHTML } from 'linkedom'

/** A document in which to create elements without a page, as in Node or in a worker. */
export function headlessDocument(): Document {
  return parseHTML('<!doctype html><html><body></body></html>').document as unknown as Document
}
