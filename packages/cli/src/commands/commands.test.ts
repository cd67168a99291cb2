import { documents } from '@driftfarm/report'
import { expect, test } from 'vitest'
import { commands } from '../commands.generated.ts'

/** The name of an option in its declaration. */
const camelCase = (option: string): string => option.replace(/-./g, (match) => match.slice(1).toUpperCase())
const words = (text: string): string[] => text.match(/"[^"]*"|\S+/g) ?? []

test.each(commands)('$name has a complete declaration', ({ name, arguments: places, options, examples, kinds }) => {
  expect(kinds.length > 0).toBe('json' in options)
  for (const kind of kinds) expect(Object.keys(documents)).toContain(kind)
  expect(examples.length).toBeGreaterThan(0)
  for (const example of examples) {
    expect(`${example} `.startsWith(`${name} `)).toBe(true)
    const given = words(example.slice(name.length))
    for (const word of given.filter((each) => each.startsWith('--')))
      expect(Object.keys(options)).toContain(camelCase(word.slice(2).replace(/^no-/, '')))
    const least = places.filter((place) => place.startsWith('<')).length
    expect(given.filter((each) => !each.startsWith('-')).length).toBeGreaterThanOrEqual(least)
  }
})
