export { durationText } from '@driftfarm/report'
