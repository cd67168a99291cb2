const letters: Readonly<Record<string, string>> = {
  alpha: 'α',
  beta: 'β',
  gamma: 'γ',
  delta: 'δ',
  epsilon: 'ε',
  zeta: 'ζ',
  eta: 'η',
  theta: 'θ',
  kappa: 'κ',
  lambda: 'λ',
  mu: 'μ',
  nu: 'ν',
  rho: 'ρ',
  sigma: 'σ',
  tau: 'τ',
  phi: 'φ',
  psi: 'ψ',
  omega: 'ω',
}

/** Words for Greek letters, but not as parts of names and paths, such as `update.eta` or `beta-map`. */
const word = new RegExp(`(?<![\\w.-])(${Object.keys(letters).join('|')})(?![\\w-]|\\.\\w)`, 'g')

/** A text with Greek letters as letters. Only drawings have them: data keep the names that users type. */
export const inGreek = (text: string): string => text.replace(word, (name) => letters[name]!)
