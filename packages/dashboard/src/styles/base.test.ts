import { readFileSync } from 'node:fs'
import { themeProperties } from '@driftfarm/report'
import { expect, test } from 'vitest'

test('the page has every colour of figures, in both themes: others would be drawn black', () => {
  const css = readFileSync(new URL('base.css', import.meta.url), 'utf8')
  const found = [...css.matchAll(/^ {2}(--figure-[\w-]+): light-dark\((.*), (.*)\);$/gm)]
  const of = (theme: 2 | 3) => Object.fromEntries(found.map((line) => [line[1], line[theme]]))
  expect(of(2)).toEqual(themeProperties('light'))
  expect(of(3)).toEqual(themeProperties('dark'))
})
