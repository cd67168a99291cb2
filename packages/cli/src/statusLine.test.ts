import { expect, test } from 'vitest'
import { StatusLine } from './statusLine.ts'

/** A terminal of one line: the text scrolled away, and the last line. */
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

test('other text does not run into the line, and nothing of the line is left', () => {
  const { screen, lines } = terminal(80)
  const line = new StatusLine(screen)
  line.show('opening the database')
  line.above(() => void screen.write('making a database\n'))
  expect(lines).toEqual(['making a database', 'opening the database'])
  line.show('half')
  line.clear()
  screen.write('error: no\n')
  expect(lines).toEqual(['making a database', 'error: no', ''])
})

test('a line that would wrap is cut and loses its colours', () => {
  const { screen, lines } = terminal(10)
  const line = new StatusLine(screen)
  line.show('\x1b[36m0123456789\x1b[0m', '0123456789')
  expect(lines).toEqual(['012345678'])
})

test('without a terminal only printed text appears', () => {
  const { screen, lines } = terminal(80, false)
  const line = new StatusLine(screen)
  line.show('opening the database')
  line.above(() => void screen.write('a line\n'))
  line.clear()
  expect(lines).toEqual(['a line', ''])
})

/** A terminal that obeys the codes for overwriting a picture: its lines, with the cursor in the last one. */
function screenOf(rows: number) {
  const lines = ['']
  let at = 0
  const write = (text: string) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the codes that a terminal follows.
    for (const [code] of text.matchAll(/\x1b\[2K|\x1b\[(\d+)A|\x1b\[J|\r|\n|[^\x1b\r\n]+/g)) {
      if (code === '\x1b[2K') lines[at] = ''
      else if (code.endsWith('A')) at -= Number(code.slice(2, -1))
      else if (code === '\x1b[J') lines.splice(at, lines.length, '')
      else if (code === '\n') lines[++at] ??= ''
      else if (code !== '\r') lines[at] += code
    }
    return true
  }
  return { screen: { write, isTTY: true, columns: 80, rows }, lines }
}

test('a picture is above the line, is replaced as a whole, and leaves nothing behind', () => {
  const { screen, lines } = screenOf(24)
  const line = new StatusLine(screen)
  line.show('10 %')
  line.picture(['###', '#'])
  expect(lines).toEqual(['###', '#', '10 %'])
  line.show('20 %')
  line.above(() => void screen.write('a note\n'))
  expect(lines).toEqual(['a note', '###', '#', '20 %'])
  line.picture(['####'])
  expect(lines).toEqual(['a note', '####', '20 %'])
  line.clear()
  expect(lines).toEqual(['a note', ''])
  line.show('again')
  expect(lines).toEqual(['a note', 'again'])
})

test('a picture taller than the terminal is not shown', () => {
  const { screen, lines } = screenOf(5)
  const line = new StatusLine(screen)
  line.show('10 %')
  line.picture(['1', '2', '3', '4'])
  expect(lines).toEqual(['10 %'])
  line.picture(['1', '2', '3'])
  expect(lines).toEqual(['1', '2', '3', '10 %'])
})
