import { elementary } from '@driftfarm/formula'
import { expMinusOne, logOnePlus, normalTail } from '@driftfarm/statistics'
import { type Applied, barrierValues, fourDigits, pointText } from './asymptotic.ts'
import { oppositeWallRemark } from './oppositeWall.ts'
import { type Passage, rarePassages, type SaddleCase } from './passages.ts'
import type { GaussianSteps, Well } from './well.ts'

const { exp } = elementary

/**
 * The constant -zeta(1/2) / sqrt(2 pi). A random walk with normal steps takes about as long to reach an edge as a
 * Brownian motion takes to reach an edge that is farther out by this many step scales.
 */
const overshoot = 0.5825971579390107

/**
 * Returns the Eyring-Kramers asymptotic. A transit leads over the saddle into the next well. A crossing leads only to
 * the surface through the saddle, from which half of the paths return, so crossings are twice as frequent as transits.
 * The rate of transits per step is eta |l_s| / (2 pi) sqrt(det H_m / |det H_s|) exp(-dL / T), where l_s is the negative
 * curvature at the saddle.
 */
export function eyringKramers(known: SaddleCase, horizon: number): Applied {
  return saddleAsymptotic(known, horizon, {
    rate: continuousRate,
    error:
      'relative error of order sqrt(T/dL) |log(T/dL)|^(3/2), or of order T if the wells are smooth; first ' +
      'crossings of the surface through a saddle add an error of order sqrt(eta), and transits over a saddle add an ' +
      'error of order eta',
    source: 'Eyring 1935, Kramers 1940; Bovier, Eckhoff, Gayrard and Klein, J. Eur. Math. Soc. 6 (2004)',
    remarks: oppositeWallRemark,
  })
}

/**
 * Returns the Eyring-Kramers asymptotic for the discrete chain. It is valid if eta times each curvature is at most
 * about 0.5. Near the minimum and near the saddle the chain is almost linear, and its coordinates along the
 * eigenvectors of the Hessian are independent. The variances of these coordinates are v_i = s^2 / (1 - (1 - eta h_i)^2)
 * at the minimum and along the rising directions of the saddle, and v_s = s^2 / ((1 + eta |l_s|)^2 - 1) along the
 * descending direction. The rate of transits is 1/(2 pi) sqrt(v_s prod v_i,saddle / prod v_i,minimum) ln(1 + eta |l_s|)
 * exp(eta (tr H_m - tr H_s) / 2) exp(-dL / T). Crossings are 1/Phi(0.5826 sqrt((1 + eta |l_s|)^2 - 1)) times as
 * frequent as transits.
 */
export function discreteKramers(known: SaddleCase, horizon: number): Applied {
  return saddleAsymptotic(known, horizon, {
    rate: discreteRate,
    error:
      'relative error of order T/dL and (eta h)^2, and an error of order eta^2/T in the exponent (in one dimension, ' +
      'multiply the rate by the discreteFactor of freidlin-wentzell to correct the exponent)',
    source:
      'discrete stationary density and saddle flux; correction for steps that jump across the surface through the ' +
      'saddle: Siegmund, Adv. Appl. Probab. 11 (1979)',
    remarks: (known, lowest) => [
      ...(known.well.theta.length > 1
        ? [
            'the linear chain decouples along the eigenvectors of the Hessian, so the correction is a product of one ' +
              'factor per eigenvector',
          ]
        : oppositeWallRemark(known, lowest)),
      ...longStepRemark(known, lowest),
    ],
  })
}

/**
 * If eta times a curvature is above this limit, the second-order terms that discrete-kramers omits outweigh the
 * first-order terms that it includes. The limit was measured on five wells in one dimension. For dL/T = 15 and eta
 * times a curvature up to 0.5, the discrete-kramers rate times the discreteFactor is at most 10 % off. If eta times a
 * curvature is 0.8, the result is up to 28 % off, and in most wells less accurate than the Eyring-Kramers rate.
 */
const longStep = 0.5

function longStepRemark({ steps, well }: SaddleCase, { saddle }: Passage): readonly string[] {
  const largest = Math.max(...[...well.minimum.eigenvalues!, ...saddle.at.eigenvalues!].map(Math.abs))
  const product = steps.eta * largest
  // The margin allows for the error of the curvatures, which is up to 1e-10 of the largest curvature.
  return product <= longStep * (1 + 1e-6)
    ? []
    : [
        `eta times the largest curvature is ${fourDigits(product)}: above ${longStep} the corrections of ` +
          'discrete-kramers do not hold, and its rate may be less accurate than the eyring-kramers rate',
      ]
}

interface SaddleFormulas {
  readonly rate: (passage: Passage, well: Well, steps: GaussianSteps) => number
  readonly error: string
  readonly source: string
  readonly remarks: (known: SaddleCase, lowest: Passage) => readonly string[]
}

function saddleAsymptotic(known: SaddleCase, horizon: number, formulas: SaddleFormulas): Applied {
  const found = rarePassages(known, true)
  const { steps, well } = known
  const { eta, temperature } = steps
  const rates = found.through.map((passage) => formulas.rate(passage, well, steps))
  const rate = rates.reduce((sum, each) => sum + each, 0)
  const { barrier, saddle } = found.through[0]!
  const relaxation = 1 / (eta * well.minimum.eigenvalues![0]!)
  const long = horizon >= settledAfter * relaxation
  const below = saddle.at.loss - well.landscape.loss(well.start)
  return {
    values: {
      ...barrierValues(barrier, temperature),
      ratePerStep: rate,
      meanExitStep: 1 / rate,
      probability: long ? -expMinusOne(-rate * horizon) : null,
    },
    conditions: [
      `T << barrier: barrier/T = ${fourDigits(barrier / temperature)}`,
      `the loss at the start is ${fourDigits(below / temperature)} T below the loss at the saddle`,
      ...found.through.map(({ saddle: { theta }, event, barrier: height }, at) =>
        event === 'crossing'
          ? `first crossing of the surface through the saddle ${pointText(theta)} (loss ${fourDigits(height)} above ` +
            `that of the minimum): ${share(rates[at]! / rate)} of the rate`
          : `transit over the saddle ${pointText(theta)} (loss ${fourDigits(height)} above that of the minimum) into ` +
            `the well beyond: ${share(rates[at]! / rate)} of the rate`,
      ),
      long
        ? `horizon ${horizon} >> relaxation time of ${fourDigits(relaxation)} steps`
        : `the horizon ${horizon} is not much longer than the relaxation time of ${fourDigits(relaxation)} steps, ` +
          'so no probability is given',
      ...(well.theta.length > 1 ? ['these are the lowest saddles that the search found; there may be others'] : []),
      ...formulas.remarks(known, found.through[0]!),
      ...found.remarks,
    ],
    error: formulas.error,
    source: formulas.source,
  }
}

/** After this many relaxation times, the position in the well no longer depends on the start. */
const settledAfter = 5

const share = (value: number) => `${fourDigits(100 * value)} %`

function continuousRate({ saddle, event, barrier }: Passage, well: Well, { eta, temperature }: GaussianSteps): number {
  const [down, ...rising] = saddle.at.eigenvalues!
  let squared = -down!
  for (const value of well.minimum.eigenvalues!) squared *= value
  for (const value of rising) squared /= value
  const rate = (eta / (2 * Math.PI)) * Math.sqrt(squared) * exp(-barrier / temperature)
  return event === 'crossing' ? 2 * rate : rate
}

function discreteRate({ saddle, event, barrier }: Passage, well: Well, steps: GaussianSteps): number {
  const { eta, temperature } = steps
  const [down, ...rising] = saddle.at.eigenvalues!
  // Variances are in units of s^2, which cancels.
  const stable = (curvature: number) => 1 / (eta * curvature * (2 - eta * curvature))
  const growth = -eta * down!
  const spread = growth * (2 + growth)
  let squared = 1 / spread
  let traces = -down!
  for (const value of well.minimum.eigenvalues!) {
    squared /= stable(value)
    traces += value
  }
  for (const value of rising) {
    squared *= stable(value)
    traces -= value
  }
  const rate =
    (Math.sqrt(squared) / (2 * Math.PI)) * logOnePlus(growth) * exp((eta * traces) / 2 - barrier / temperature)
  return event === 'crossing' ? rate / normalTail(-overshoot * Math.sqrt(spread)) : rate
}
