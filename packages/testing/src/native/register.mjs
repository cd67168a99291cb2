// Loaded before the tests of a process: Node itself loads the sources, and compiled modules are cached.
import { register } from 'node:module'

register('./hooks.mjs', import.meta.url)
