// The farm over HTTP.

export { type Api, type ApiOptions, type LogLevel, startApi } from './server.ts'
