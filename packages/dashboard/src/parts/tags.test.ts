import { expect, test } from 'vitest'
import { tagsMistake, tagsOf } from './tags.ts'

test('a tag on each line; a value may have a colon', () => {
  expect(tagsOf('law: gaussian\n\n time:12:30\npilot')).toEqual([
    ['law', 'gaussian'],
    ['time', '12:30'],
    ['pilot', ''],
  ])
  expect(tagsMistake('law: gaussian\npilot')).toBeNull()
})

test('two values of one key are refused, because only one would be stored', () => {
  expect(tagsMistake('law: gaussian\nlaw : student')).toContain('the key law')
})
