// The farm over HTTP.

export { ApiError, type ApiErrorCode } from './error.ts'
export { type Api, type ApiOptions, type LogLevel, startApi } from './server.ts'
