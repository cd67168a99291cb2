import { type Cell, parseSweep, type ResolvedCell, SpecError, type SpecOptions, type Sweep } from '../index.ts'

/** What tests change: one plain cell. */
const base = {
  version: 1,
  name: 'base',
  landscape: { preset: 'double-well' },
  start: [-1],
  update: { eta: 0.1, drift: { sigma: 1 } },
  trial: { steps: 100 },
  trials: 10,
}

/** Texts and bytes of files by name. */
export type FileContents = Readonly<Record<string, string | Uint8Array>>

function optionsOf(files: FileContents): SpecOptions {
  const content = (name: string) => {
    if (files[name] === undefined) throw new Error(`no such file ${name}`)
    return files[name]
  }
  return {
    fileName: 'a.json',
    readBytes: (name) => Buffer.from(content(name)),
  }
}

export function plan(change: object, files: FileContents = {}): Sweep {
  return parseSweep(JSON.stringify({ ...base, ...change }), optionsOf(files))
}

export function resolvedCell(change: object, files: FileContents = {}): ResolvedCell {
  return plan(change, files).cell(0)
}

export function cellOf(change: object, files: FileContents = {}): Cell {
  return resolvedCell(change, files).cell
}

export function mistakeOf(change: object, files: FileContents = {}): string {
  try {
    plan(change, files)
  } catch (error) {
    if (error instanceof SpecError) return `${error.code} ${error.message}`
    throw error
  }
  return 'nothing was thrown'
}
