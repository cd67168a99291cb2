import { parseDocument, stringify } from 'yaml'
import { readText } from './document/read.ts'
import { type SpecOptions, settingPath, withOptions } from './options.ts'

/**
 * The text of a spec with the values of the options written into it, so that the text describes the complete request.
 * All other values are preserved, and so are comments if the text can be edited in place. Without options, the text is
 * returned unchanged. Like `parseSweep`, throws Mistakes if the options cannot be applied.
 */
export function specTextWithOptions(text: string, { set = [], trials }: Pick<SpecOptions, 'set' | 'trials'>): string {
  if (set.length === 0 && trials === undefined) return text
  const { value } = withOptions(readText(text, 'spec'), { fileName: 'spec', set, trials })
  const edited = edit(text, set, trials)
  return edited !== null && isEqualIgnoringKeyOrder(readText(edited, 'spec').value, value) ? edited : stringify(value)
}

/** Null if a place cannot be edited, for example inside an alias. */
function edit(text: string, set: NonNullable<SpecOptions['set']>, trials: number | undefined): string | null {
  const reading = { version: '1.2', schema: 'core', merge: false, intAsBigInt: true, logLevel: 'silent' } as const
  const document = parseDocument(text, reading)
  try {
    for (const [path, value] of set) document.setIn(settingPath(path), parseDocument(value, reading).contents)
    if (trials !== undefined) {
      for (const key of ['until', 'budget']) document.delete(key)
      if (document.hasIn(['method', 'splitting', 'replicas'])) document.deleteIn(['method', 'splitting', 'replicas'])
      document.set('trials', trials)
    }
    return document.toString({ lineWidth: 0 })
  } catch {
    return null
  }
}

function isEqualIgnoringKeyOrder(a: unknown, b: unknown): boolean {
  const inOrder = (_: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)))
      : value
  return JSON.stringify(a, inOrder) === JSON.stringify(b, inOrder)
}
