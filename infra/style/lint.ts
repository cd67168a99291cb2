import { TextlintKernel, type TextlintKernelOptions } from '@textlint/kernel'
import { plugins } from './documents.ts'
import { lengthRule, wordRule } from './rules.ts'

export interface Found {
  file: string
  line: number
  column: number
  /** The words in the file. */
  text: string
  message: string
  /** Whether it fails the check, or is counted only. */
  fails: boolean
}

const kernel = new TextlintKernel()
const options: Omit<TextlintKernelOptions, 'ext'> = {
  plugins: Object.entries(plugins).map(([pluginId, plugin]) => ({ pluginId, plugin })),
  rules: [
    { ruleId: 'words', rule: wordRule(false) },
    { ruleId: 'counted-words', rule: wordRule(true), options: { severity: 'warning' } },
    { ruleId: 'length', rule: lengthRule, options: { severity: 'warning' } },
  ],
}
/** The severity of textlint that fails. */
const error = 2

/** What the style objects to in a file, in the order of places. */
export async function lint(file: string, source: string): Promise<Found[]> {
  const ext = /\.[a-z]+$/.exec(file)?.[0] ?? ''
  const { messages } = await kernel.lintText(source, { ...options, ext, filePath: file })
  return messages.map(({ loc, range, message, severity }) => ({
    file,
    line: loc.start.line,
    column: loc.start.column,
    text: source.slice(...range).replace(/\s*\n(\s*(\*|\/\/))?\s*/g, ' '),
    message,
    fails: severity === error,
  }))
}
