// A farm that is served somewhere, from a program or from a page. Nothing here needs Node.

export { RemoteError, unreachable } from './error.ts'
export { type Happening, type HappeningsOptions, happenings } from './follow.ts'
export { remoteDesk } from './remoteDesk.ts'
export { type Address, Requests } from './requests.ts'
