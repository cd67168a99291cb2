import { canonicalJson } from '@driftfarm/spec'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { expect, it } from 'vitest'
import { gallery } from '../agreement/gallery.fixture.ts'
import { canonicalText, hashOfIdentity } from './identityHash.ts'
import { streamKey } from './streams.ts'

it.each([
  [{ b: 1, a: [2, { d: null, c: 'x"' }] }],
  [{ a: -0, b: 1e21, c: 1e-7, d: 0.1 }],
  [{ a: { b: true }, 'a b': [] }],
  [{ é: 1, z: 2 }],
])('a text in canonical order is the canonical one: %j', (value) => {
  expect(canonicalText(value)).toBe(canonicalJson(value))
  const ordered = JSON.parse(canonicalJson(value))
  expect(canonicalText(ordered)).toBe(canonicalJson(value))
})

it.each([[{ a: Number.NaN }], [{ a: undefined }], [{ a: Number.POSITIVE_INFINITY }]])('refuses %j', (value) => {
  expect(() => canonicalText(value)).toThrow(TypeError)
})

it('a hash does not depend on the texts before it', () => {
  const texts = [
    '',
    'a',
    'a,"update":1',
    'a,"update":2',
    'b,"update":2',
    'a,"update":1,"update":3',
    'a',
    'ä,"update":ü',
  ]
  for (const text of [...texts, ...texts.toReversed()]) expect(hashOfIdentity(text)).toEqual(sha256(utf8ToBytes(text)))
})

it('the key of a cell does not depend on the order of its keys, nor on its kernel', () => {
  for (const cell of Object.values(gallery)) {
    expect(streamKey(JSON.parse(canonicalJson(cell)))).toEqual(streamKey(cell))
    expect(streamKey({ ...cell, kernel: 9 })).toEqual(streamKey(cell))
  }
})
