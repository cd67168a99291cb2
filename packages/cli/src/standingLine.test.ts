import { expect, test } from 'vitest'
import { StandingLine } from './standingLine.ts'

/** A terminal of one line: what has been scrolled away, and what stands in the last line. */
function terminal(columns: number, isTTY = true) {
  const lines = ['']
  const write = (text: string) => {
    for (const part of text.replaceAll('\r\x1b[2K', '\v').split(/([\n\v])/)) {
      if (part === '\n') lines.push('')
      else if (part === '\v') lines[lines.length - 1] = ''
      else lines[lines.length - 1] += part
    }
    return true
  }
  return { screen: { write, isTTY, columns }, lines }
}

test('nothing runs into the line, and nothing of it is left', () => {
  const { screen, lines } = terminal(80)
  const line = new StandingLine(screen)
  line.show('opening the database')
  line.above(() => void screen.write('making a database\n'))
  expect(lines).toEqual(['making a database', 'opening the database'])
  line.show('half')
  line.clear()
  screen.write('error: no\n')
  expect(lines).toEqual(['making a database', 'error: no', ''])
})

test('a line that would wrap is cut, colours and all', () => {
  const { screen, lines } = terminal(10)
  const line = new StandingLine(screen)
  line.show('\x1b[36m0123456789\x1b[0m', '0123456789')
  expect(lines).toEqual(['012345678'])
})

test('where there is no terminal only what is printed appears', () => {
  const { screen, lines } = terminal(80, false)
  const line = new StandingLine(screen)
  line.show('opening the database')
  line.above(() => void screen.write('a line\n'))
  line.clear()
  expect(lines).toEqual(['a line', ''])
})
