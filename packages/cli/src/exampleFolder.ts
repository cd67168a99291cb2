import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CliError } from './failure.ts'

/** Searches all folders above this file, so that the search also works if this file is part of a bundle. */
export function examplesFolder(): string {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    const folder = join(at, 'examples')
    if (existsSync(join(folder, 'double-well.yaml'))) return folder
    if (dirname(at) === at) throw new CliError('NOT_FOUND', 'the examples are not installed', 'reinstall driftfarm')
  }
}

export const exampleNames = (): string[] =>
  readdirSync(examplesFolder())
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))

export const pythonFiles = (): string[] =>
  readdirSync(join(examplesFolder(), 'python')).filter((file) => /\.(py|ipynb)$/.test(file))

/** The custom element for web pages. */
export const elementName = 'element.js'

/** It is a file of the page, in a package or in a checkout. */
export function elementFile(): string {
  const builds = ['lib', 'packages/cli/dist'].map((build) => join(examplesFolder(), '..', build, 'page', elementName))
  const found = builds.find((file) => existsSync(file))
  if (found === undefined) throw new CliError('NOT_FOUND', `${elementName} was not built`, 'reinstall driftfarm')
  return found
}
