export { grouped, percent, short } from '@driftfarm/report'
