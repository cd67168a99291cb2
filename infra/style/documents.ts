import { createRequire } from 'node:module'
import type { TxtDocumentNode, TxtNode, TxtParentNode } from '@textlint/ast-node-types'
import type { TextlintPluginCreator } from '@textlint/types'
import { typescript } from './typescript.ts'

// CommonJS with a default export, which loaders hand over differently.
const require = createRequire(import.meta.url)
const markdown: TextlintPluginCreator = require('@textlint/textlint-plugin-markdown').default

/** What reads a file for textlint: Markdown, or the texts of TypeScript. */
export const plugins = { markdown, typescript }

/** The blocks of text of a file. */
export function blocksIn(file: string, source: string): TxtParentNode[] {
  const { Processor } = file.endsWith('.md') ? markdown : typescript
  return blocksOf(new Processor({}).processor('').preProcess(source, file) as TxtDocumentNode)
}

/** The blocks of a document that are read as text; block quotations are none. */
export function blocksOf(node: TxtNode): TxtParentNode[] {
  if (node.type === 'Paragraph' || node.type === 'Header' || node.type === 'TableCell') return [node as TxtParentNode]
  if (node.type === 'BlockQuote' || !('children' in node)) return []
  return (node as TxtParentNode).children.flatMap(blocksOf)
}
