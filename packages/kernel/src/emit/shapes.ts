import type { Drift, Shape } from '@driftfarm/spec'
import type { ShapePlaces } from '../memory/shape.ts'
import type { Model } from '../model/model.ts'
import { startsAtPoint } from '../model/start.ts'
import { type Code, code, local, vector } from './code/code.ts'
import { type FunctionCode, functionCode } from './code/function.ts'
import { choice, constant, effect, type Statement } from './code/statement.ts'
import { type Coordinates, type Index, passingSlot, type VectorUse } from './coordinates.ts'
import type { Numbers } from './numbers.ts'
import * as read from './readings.ts'
import { none } from './rule.ts'
import { Scope } from './scope.ts'
import { Writer } from './writer.ts'

type Spectral = Extract<Shape, { readonly kind: 'hessian' | 'covariance' }>

/** The drift entries whose matrix is computed from theta_0. Each vector of lanes stores its own matrices. */
export function ownMatrices(model: Model): readonly { readonly index: number; readonly shape: Spectral }[] {
  return model.cell.update.drift.flatMap((entry, index) => {
    const shape = spectralShape(entry)
    return shape?.at === 'start' ? [{ index, shape }] : []
  })
}

/** Matrices that are computed from theta; they need work memory. */
export function spectralShapes(model: Model): readonly Spectral[] {
  return model.cell.update.drift.map(spectralShape).filter((shape) => shape !== null)
}

function spectralShape(entry: Drift): Spectral | null {
  if (entry.form !== 'anisotropic') return null
  const { shape } = entry
  return shape.kind === 'hessian' || shape.kind === 'covariance' ? shape : null
}

/**
 * Bytes of a matrix in both lanes, plus the 16 bytes of a mask that marks the lanes whose matrix has already been
 * computed.
 */
export function matrixBytes(dimension: number): number {
  return 16 * dimension * dimension + 16
}

/** Writes S xi for one vector of lanes, where S is the matrix of a drift entry and xi is the noise. */
export class ShapeWriter {
  constructor(
    private readonly of: VectorUse,
    private readonly writer: Writer,
  ) {}

  /** Returns a function that gives (S xi)_i; it must be called once for each coordinate, in order. */
  product(entry: number, shape: Shape, coordinates: Coordinates, xi: (i: Index) => Code): (i: Index) => Code {
    const { writer } = this
    const { dimension } = this.of.model
    const place = this.of.scope.numbers.array(`shape ${entry}`, read.shapeNumbers(entry))
    if (shape.kind === 'diagonal') {
      return (i) => {
        const value = xi(i)
        return writer.local(vector`f64x2.mul(${coordinates.walk.number(place, i)}, ${value})`)
      }
    }
    const whole = coordinates.scratch(passingSlot)
    coordinates.walk.each((i) => whole.set(i, xi(i)))
    const values = coordinates.address(passingSlot)
    if (shape.kind === 'matrix') {
      return (i) =>
        writer.local(code`rowOfNumbers(${coordinates.walk.row(`NUMBERS + ${8 * place}`, 8 * dimension, i)}, ${values})`)
    }
    const matrix = shape.at === 'start' ? this.ownMatrix(entry) : this.currentMatrix(entry, shape, coordinates)
    const bytes = 16 * dimension
    return (i) => writer.local(code`dot(${coordinates.walk.row(matrix, bytes, i)}, ${values}, ${bytes})`)
  }

  private ownMatrix(entry: number): Code {
    const slot = ownMatrices(this.of.model).findIndex(({ index }) => index === entry)
    return code`${this.of.base} + ${this.of.places.matrices + slot * matrixBytes(this.of.model.dimension)}`
  }

  private currentMatrix(entry: number, shape: Spectral, coordinates: Coordinates): Code {
    const matrix = code`${this.of.places.currentMatrix}`
    const theta = coordinates.thetaAddress()
    this.writer.push(
      ...matrixCode(this.writer, this.of.scope.numbers, { entry, shape }, theta, {
        matrix,
        mask: code`i64x2.splat(-1)`,
      }),
    )
    return matrix
  }
}

function matrixCode(
  writer: Writer,
  numbers: Numbers,
  { entry, shape }: { readonly entry: number; readonly shape: Spectral },
  theta: Code,
  { matrix, mask }: { readonly matrix: Code; readonly mask: Code },
): readonly Statement[] {
  const place = numbers.array(`shape ${entry}`, read.shapeNumbers(entry))
  const power = writer.number(place)
  const trace = shape.trace === null ? code`f64x2.splat(0)` : writer.number(place + 1)
  return [
    effect(code`${shape.kind}(${theta})`),
    effect(code`matrixPower(${matrix}, ${mask}, ${power}, ${String(shape.trace !== null)}, ${trace})`),
  ]
}

export function shapeImports(model: Model): readonly string[] {
  const used = model.cell.update.drift.some(({ form }) => form === 'anisotropic')
  const covariant = spectralShapes(model).some(({ kind }) => kind === 'covariance')
  return [
    ...(used
      ? ["import { dot } from './coordinates'", "import { hessian, matrixPower, rowOfNumbers } from './shape'"]
      : []),
    ...(covariant ? ["import { covariance } from './covariance'"] : []),
  ]
}

/**
 * Emits `beginShapes(base, half)`, which computes the matrices from theta_0 for one lane of a vector. If all trials
 * start from one point, the matrices are computed only once.
 */
export function beginShapesFunction(model: Model, places: ShapePlaces, numbers: Numbers): FunctionCode {
  const scope = new Scope(numbers, model.parameters)
  const writer = new Writer(scope, { name: () => null, element: none })
  const [base, half, lane] = [local('base', 'usize'), local('half', 'usize'), local('lane', null)]
  const bytes = matrixBytes(model.dimension)
  const fixed = startsAtPoint(model.cell)
  const matrices = ownMatrices(model).flatMap(({ index, shape }, slot) => {
    const at = places.matrices + slot * bytes
    const [theta, matrix] = [code`${base} + ${places.theta}`, code`${base} + ${at}`]
    const made = matrixCode(writer, numbers, { entry: index, shape }, theta, { matrix, mask: lane })
    if (!fixed) return made
    const isNew = code`load<i64>(${base} + ${half}, ${at + bytes - 16}) == 0`
    return [choice(isNew, [...made, effect(code`store<i64>(${base} + ${half}, -1, ${at + bytes - 16})`)], null)]
  })
  const begin = matrices.length > 0 ? [constant(lane, code`${half} == 0 ? i64x2(-1, 0) : i64x2(0, -1)`)] : []
  return functionCode('export function beginShapes', [base, half], 'void', [
    ...scope.prologue.statements,
    ...begin,
    ...matrices,
  ])
}
