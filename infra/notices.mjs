// The npm packages that bundles contain, and the text of their licences. Licences require that copies carry it.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

/** The packages of a bundle's input files, each as { name, version, identifier, text }, like those of Vite. */
export function packagesOf({ inputs }) {
  const folders = Object.keys(inputs).flatMap((path) => /^.*node_modules\/(@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? [])
  return [...new Set(folders)].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    return { name, version, identifier: license, text: textIn(join(root, folder)) }
  })
}

/** The file of a licence, or the part of a README that is about it. */
function textIn(folder) {
  const names = readdirSync(folder)
  const file = names.find((name) => /^(licen[cs]e|copying)/i.test(name))
  if (file !== undefined) return readFileSync(join(folder, file), 'utf8')
  const readme = names.find((name) => /^readme/i.test(name))
  return readme && /^#+ *licen[cs]e\s(.*)/ims.exec(readFileSync(join(folder, readme), 'utf8'))?.[1]
}

/** The notices of packages as one text. Packages with the same text share it. */
export function noticesOf(packages) {
  const byText = new Map()
  for (const { name, version, identifier, text } of packages) {
    const key = text?.replaceAll('\r', '').trim() || 'The package contains no text of its licence.'
    byText.set(key, (byText.get(key) ?? new Set()).add(`${name} ${version}, ${identifier}`))
  }
  const entries = [...byText].map(([text, names]) => [[...names].sort().join('\n'), text])
  const parts = entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([names, text]) => `${names}\n\n${text}\n`)
  return ['The files in lib contain code of these npm packages:\n', ...parts].join(`\n${'-'.repeat(80)}\n\n`)
}
