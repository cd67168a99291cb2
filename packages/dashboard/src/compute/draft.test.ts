import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { earlierDraft, forgetDraft, keepDraft, readDraft, saveDraft } from './draft.ts'

const stored = new Map<string, string>()

beforeEach(() => {
  stored.clear()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  })
})
afterEach(() => void vi.unstubAllGlobals())

const bytes = Uint8Array.from({ length: 256 }, (_, at) => at)

test('a draft is read as it was kept, with its files and its origin', () => {
  expect(readDraft()).toBeNull()
  keepDraft({ text: 'name: α', files: new Map([['data/a.bin', bytes]]), from: 'abc' })
  expect(readDraft()).toEqual({ text: 'name: α', files: new Map([['data/a.bin', bytes]]), from: 'abc' })
  forgetDraft()
  expect(readDraft()).toBeNull()
})

test('large files are not kept', () => {
  keepDraft({ text: 'a', files: new Map([['big.csv', new Uint8Array(1_000_001)]]) })
  expect(readDraft()).toEqual({ text: 'a', files: new Map() })
})

test('another draft sets the last one aside; typing does not', () => {
  keepDraft({ text: 'first' })
  saveDraft({ text: 'first, longer' })
  expect(earlierDraft()).toBeNull()
  keepDraft({ text: 'second' })
  expect(earlierDraft()?.text).toBe('first, longer')
  keepDraft(earlierDraft()!)
  expect([readDraft()?.text, earlierDraft()?.text]).toEqual(['first, longer', 'second'])
})

test('a browser without storage has no drafts', () => {
  vi.stubGlobal('localStorage', undefined)
  keepDraft({ text: 'a' })
  expect(readDraft()).toBeNull()
})
