export { largestEntry, type Matrix, norm, zeros } from '@driftfarm/formula'
