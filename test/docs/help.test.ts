import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@driftfarm/testing/command'
import { expect, test } from 'vitest'
import { anchorOf } from '../../docs/.vitepress/anchors.ts'
import { helpTopics } from '../../packages/dashboard/src/parts/helpTopics.ts'

test('each help text of the page links to a page and a heading that exist', () => {
  for (const [name, { page, text, title }] of Object.entries(helpTopics)) {
    const [file, heading] = page.split('#')
    const path = join(root, 'docs', `${file}.md`)
    expect(existsSync(path), `${name}: ${path}`).toBe(true)
    const headings = [...readFileSync(path, 'utf8').matchAll(/^#{1,4} (.+)$/gm)].map(([, words]) => anchorOf(words!))
    if (heading !== undefined) expect(headings, name).toContain(heading)
    expect(title).not.toMatch(/[.?]$/)
    expect(text).toMatch(/\.$/)
  }
})
