export { percent, short } from '@driftfarm/report'
