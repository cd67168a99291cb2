'use strict'
// Runs a part of the program: the command, or what runs in another thread or process. All parts are in one bundle, and
// each file of it is evaluated when it is first used. Compiling a bundle of this size takes longer than most commands,
// so the compiled code is kept beside the bundle, as Python keeps its own in `__pycache__`.

const { createHash } = require('node:crypto')
const { readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const { dirname, join } = require('node:path')
const { cachedDataVersionTag } = require('node:v8')
const { Script } = require('node:vm')
const { isMainThread, threadId } = require('node:worker_threads')

module.exports = function load(bundle, part) {
  const file = join(__dirname, 'chunks', bundle)
  // The bundle's name contains a hash of its content, and the tag stands for the version and the flags of V8.
  const keptOf = (each) => `${file}.${each}-${cachedDataVersionTag().toString(36)}`
  const own = read(keptOf(part))
  // The bundle has only ASCII characters (program.mjs).
  const script = new Script(readFileSync(file, 'latin1'), {
    filename: file,
    cachedData: own ?? read(keptOf('start')),
  })
  const parts = {}
  // A script from kept code has lost its own import().
  const importLater = (name) => import(name)
  script.runInThisContext()(createRequire(file), importLater, parts, file, dirname(file))
  const loaded = parts[part]()
  if (own !== undefined && !script.cachedDataRejected) return loaded
  const keep = () => write(keptOf(part), script.createCachedData())
  if (!isMainThread) return calledThen(keep, loaded)
  // A successful run has called most of the functions that other commands call.
  if (part !== 'start' || process.argv[2] === 'run') process.once('exit', (code) => code === 0 && keep())
  return loaded
}

/**
 * The same functions, which call `keep` after the first result. A thread may be terminated at any time, and between its
 * tasks no timers run. `ping` computes nothing.
 */
function calledThen(keep, { ping, ...functions }) {
  let isKept = false
  const wrapped = (call) => async (task) => {
    const result = await call(task)
    if (!isKept) keep()
    isKept = true
    return result
  }
  const entries = Object.entries(functions).map(([name, call]) => [name, wrapped(call)])
  return { ping, ...Object.fromEntries(entries) }
}

/**
 * The file begins with a hash of the rest, because V8 crashes on damaged code. The program also works without the file,
 * so a folder that this user may not write to is no error.
 */
function write(file, code) {
  const unfinished = `${file}.${process.pid}-${threadId}`
  try {
    writeFileSync(unfinished, Buffer.concat([hashOf(code), code]))
    renameSync(unfinished, file)
  } catch {
    rmSync(unfinished, { force: true })
  }
}

const hashBytes = 32
const hashOf = (code) => createHash('sha256').update(code).digest()

function read(file) {
  try {
    const content = readFileSync(file)
    const code = content.subarray(hashBytes)
    return hashOf(code).equals(content.subarray(0, hashBytes)) ? code : undefined
  } catch {
    return undefined
  }
}
