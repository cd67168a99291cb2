// An HTTP client for a farm, for programs and pages. Nothing here needs Node.

export { RemoteError, unreachable } from './error.ts'
export { remoteFarmClient } from './remoteFarmClient.ts'
export { type Address, Requests } from './requests.ts'
export { type EventsOptions, type StreamEvent, streamEvents } from './streamEvents.ts'
