/** `work` must be synchronous. */
export function captureLog(work: () => void): string {
  const { log } = console
  const lines: string[] = []
  console.log = (...words: unknown[]) => void lines.push(words.join(' '))
  try {
    work()
  } finally {
    console.log = log
  }
  return lines.map((line) => `${line}\n`).join('')
}
