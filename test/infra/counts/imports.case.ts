import { test } from 'vitest'
// @ts-expect-error: there is none.
import { nothing } from './nothing.ts'

test(`never declared ${nothing}`, () => undefined)
