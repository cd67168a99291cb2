import { parseHTML } from 'linkedom'

/** A document to make elements in where there is no page: in Node, in a worker. */
export function headlessDocument(): Document {
  return parseHTML('<!doctype html><html><body></body></html>').document as unknown as Document
}
