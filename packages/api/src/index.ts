export { type Metric, metricPrefix, metricTable } from './routes/monitoring.ts'
export { type Api, type ApiOptions, type LogLevel, startApi } from './server.ts'
