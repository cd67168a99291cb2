/** Each row gives one value to all of its words, which are separated by spaces, in lower case, and without _ and -. */
export function table<Value>(rows: readonly (readonly [words: string, value: Value])[]): ReadonlyMap<string, Value> {
  return new Map(rows.flatMap(([words, value]) => words.split(' ').map((word) => [word, value] as const)))
}

/** Names of keys in PyTorch, NumPy, SciPy, Optuna and papers, with the paths of the corresponding keys of a spec. */
export const renamings = table<readonly string[]>([
  ['lr learningrate stepsize lrate lr0 initiallr baselr', ['update.eta', 'PATH.initial']],
  ['eta', ['PATH.initial']],
  ['gamma decayrate factor', ['PATH.rate']],
  ['tmax totalsteps', ['PATH.steps']],
  ['etamin lrmin minlr endlr', ['PATH.final']],
  ['step steplr multistep multisteplr milestones', ['PATH.piecewise']],
  ['polynomial poly', ['PATH.power']],
  ['rtol rel relerr relativeerror precision', ['PATH.relative']],
  ['classes class', ['trial.classify']],
  ['bias usebias', ['PATH.biases']],
  ['outputactivation finalactivation lastactivation', ['PATH.output']],
  ['alpha', ['update.eta']],
  ['noise std stddev stdev sd scale noisescale noisestd noiselevel amplitude', ['update.drift.sigma']],
  ['temp kt', ['update.drift.temperature']],
  ['epochs epoch iterations iters iter niter niters maxiter maxiters maxiterations', ['trial.steps']],
  ['numsteps nsteps maxsteps numiterations numepochs nepochs t horizon length duration', ['trial.steps']],
  ['optimizer optimiser optim algorithm algo opt solver method', ['update.rule', 'update']],
  ['momentum mu', ['update.beta']],
  ['eps', ['update.epsilon']],
  ['rho smoothing smoothingconstant', ['update.alpha']],
  ['batchsize minibatch minibatchsize bs', ['landscape.batch']],
  [
    'loss function f fn func objective energy potential equation expr formula lossfunction objectivefunction',
    ['landscape.formula.expression', 'landscape.formula', 'landscape'],
  ],
  ['criterion lossfn', ['landscape.network.loss']],
  [
    'init x0 theta0 w0 initial initialpoint initialvalue initialstate startpoint startingpoint initialization',
    ['start'],
  ],
  [
    'ntrials numtrials trialcount runs nruns numruns repeats nrepeats repetitions replications samples nsamples ' +
      'numsamples simulations nsim realizations',
    ['trials', 'PATH.count'],
  ],
  ['randomseed randomstate rng rngseed manualseed', ['seed']],
  ['dim dims ndim ndims d', ['landscape.dimension']],
  ['vars variable coordinates coords symbols', ['landscape.formula.variables']],
  ['params parameter args constants coefficients', ['landscape.parameters']],
  [
    'hidden hiddensize hiddensizes hiddenunits hiddendim hiddenlayers architecture layersizes sizes widths units layer',
    ['landscape.network.layers'],
  ],
  ['activationfunction act nonlinearity', ['landscape.network.activation']],
  ['dropoutrate dropoutprob dropoutp pdrop droprate dropprob', ['landscape.network.dropout']],
  ['noisylabels noiselabels targetnoise noisytargets labelflip flipprob', ['landscape.network.labelNoise']],
  ['p prob probability rate', ['PATH.flip', 'PATH.q']],
  ['model net nn mlp neuralnetwork', ['landscape.network']],
  ['dataset', ['landscape.data']],
  ['standardize standardise normalize normalise normalization scaler scaling rescale', ['landscape.data.scale']],
  ['dropna fillna na impute imputer imputation navalues missingvalues', ['landscape.data.missing']],
  ['onehot dummies getdummies categories category encode encoding', ['landscape.data.categorical']],
  ['lhs latinhypercube latinhypercubesampling', ['sweep.latin', 'latin']],
  ['halton hammersley qmc quasirandom quasimontecarlo lowdiscrepancy', ['sweep.sobol', 'sobol']],
  ['xtrain features', ['landscape.data.inputs']],
  ['x input', ['PATH.inputs']],
  ['ytrain labels label target', ['landscape.data.targets']],
  ['y outputs output', ['PATH.targets']],
  ['path file filename filepath csvfile', ['PATH.csv']],
  ['normal norm gauss randn', ['PATH.gaussian']],
  ['rand', ['PATH.uniform']],
  ['problem', ['landscape']],
  ['minimum min minimizers optima wells', ['landscape.minima']],
  ['distribution dist noisetype', ['update.drift.law']],
  ['type kind', ['update.drift.form', 'update.rule']],
  ['df dof', ['update.drift.nu']],
  ['exit exits exitcondition escapecondition', ['trial.escape']],
  ['convergence converged convergewhen', ['trial.converge']],
  ['tol tolerance gtol gradtol gradienttolerance', ['trial.converge.gradient']],
  ['radius r atol distance', ['trial.converge.within']],
  ['center centre around', ['trial.converge.of']],
  ['patience', ['trial.converge.hold']],
  ['burnin', ['trial.warmup']],
  ['warmupsteps', ['trial.warmup', 'update.warmup']],
  ['lrwarmup warmuplr lrwarmupsteps linearwarmup warmupiters numwarmupsteps', ['update.warmup']],
  [
    'gradclip gradientclip gradientclipping clipnorm maxnorm gradclipnorm maxgradnorm clipgrad clipgradnorm ' +
      'gradientclipval',
    ['update.clip'],
  ],
  ['decoupledweightdecay adamwdecay', ['update.decoupledDecay']],
  ['sharpnessaware sharpnessawareminimization samrho', ['update.sam']],
  ['lrbylayer layerlr layerwiselr layerlrs paramgroups lrmult', ['update.etaByLayer']],
  ['grid paramgrid parametergrid searchspace scan axes axis', ['sweep']],
  ['ci confidencelevel', ['confidence']],
  ['title', ['name']],
  ['low lower start begin first min', ['sweep.PATH.from', 'start.uniform.low']],
  ['high upper stop end last max', ['sweep.PATH.to', 'start.uniform.high']],
  ['num n npoints numpoints points steps size', ['sweep.PATH.count']],
  ['spacing space', ['sweep.PATH.scale']],
  ['loc average', ['start.gaussian.mean']],
])

export const notes = table<string>([
  ['nesterov', 'write `rule: nesterov` instead'],
  ['betas', 'write the two numbers as `beta1: 0.9` and `beta2: 0.999`'],
  [
    'weightdecay wd l2 regularization regularisation',
    'the decay of AdamW is `decoupledDecay`; any other weight decay is part of the loss: for a network, write half ' +
      'its value as landscape.network.decay; for a formula, add half its value times |theta|^2 to the expression',
  ],
  ['variance var', 'write its square root as sigma, such as sigma: "= sqrt(0.25)"'],
  [
    'scheduler lrscheduler lrschedule schedule',
    'write the schedule as the value of eta, such as eta: { exponential: { initial: 0.1, rate: 0.99 } }',
  ],
  [
    'labelsmoothing smoothlabels',
    'there is no label smoothing; `labelNoise: { flip: p }` changes class labels at random instead',
  ],
  ['dampening amsgrad maximize foreach fused batchnorm', 'Drift Farm has no such option: remove the key'],
  ['clipvalue gradclipvalue', 'single coordinates are not clipped: write the largest norm of the gradient as `clip`'],
  ['burnin', 'write it as `warmup:`, under `trial:`'],
  [
    'threads nthreads workers numworkers njobs jobs processes device',
    'it is not part of a spec: pass it to the command, as in `driftfarm run SPEC --threads N`',
  ],
  [
    'output outputfile outfile savepath',
    'it is not part of a spec: write results with `driftfarm results SWEEP -o FILE`',
  ],
  ['shuffle', 'write `sampling: shuffle`'],
  ['replace replacement', 'write `sampling: replacement`'],
  ['log logscale islog', 'write `scale: log`'],
  ['description comment comments notes author', 'write it as a comment after #, or under tags: { note: "..." }'],
])

export const values = table<readonly { readonly word: string; readonly note?: string }[]>([
  [
    'sgd gd vanilla plain gradientdescent steepestdescent langevin sgld',
    [{ word: 'gradient', note: 'did you mean gradient? It is descent without momentum; noise is added by `drift`' }],
  ],
  ['sgdmomentum heavyball polyak', [{ word: 'momentum' }]],
  ['nag', [{ word: 'nesterov' }]],
  ['adamw', [{ word: 'adam', note: 'write `rule: adam`, and beside it `decoupledDecay: 0.01`' }]],
  ['sam', [{ word: 'gradient', note: 'SAM is not a rule: write `sam: { rho: 0.05 }` beside the rule' }]],
  ['normal gauss norm randn', [{ word: 'gaussian' }]],
  ['levy alphastable', [{ word: 'stable' }]],
  ['t studentt tdistribution', [{ word: 'student' }]],
  ['bernoulli sign coin', [{ word: 'rademacher' }]],
  [
    'bcewithlogits bcewithlogitsloss bceloss',
    [{ word: 'cross-entropy', note: 'did you mean cross-entropy, with output: sigmoid?' }],
  ],
  ['ce bce xent nll nllloss binarycrossentropy categoricalcrossentropy logloss', [{ word: 'cross-entropy' }]],
  ['crossentropyloss', [{ word: 'cross-entropy', note: 'did you mean cross-entropy, with output: softmax?' }]],
  ['meansquarederror mseloss l2 squared', [{ word: 'mse' }]],
  ['linear none', [{ word: 'identity' }]],
  ['logistic', [{ word: 'sigmoid' }]],
  ['sine sinus', [{ word: 'sin' }]],
  ['kaiming kaimingnormal henormal', [{ word: 'he' }]],
  ['glorot glorotnormal xaviernormal', [{ word: 'xavier' }]],
  [
    'kaiminguniform heuniform',
    [{ word: 'he', note: 'did you mean he? Its weights are normal instead of uniform, with the same variance' }],
  ],
  [
    'glorotuniform xavieruniform',
    [
      {
        word: 'xavier',
        note: 'did you mean xavier? Its weights are normal instead of uniform, with the same variance',
      },
    ],
  ],
  ['minmax minmaxscaler unit', [{ word: 'range' }]],
  ['zscore standardscaler standardize standardise normalize normalise', [{ word: 'standard' }]],
  ['skip omit ignore dropna exclude remove', [{ word: 'drop' }]],
  ['impute fill fillna average', [{ word: 'mean' }]],
  ['logarithmic geometric logspace geomspace', [{ word: 'log' }]],
  ['lin linspace', [{ word: 'linear' }]],
  ['add noise', [{ word: 'additive' }]],
  ['mult multiply', [{ word: 'multiplicative' }]],
  ['common crn shared', [{ word: 'common' }]],
  ['wald normalapproximation', [{ word: 'wilson' }]],
  ['exact', [{ word: 'clopper-pearson' }]],
  ['montecarlo mc', [{ word: 'direct' }]],
  ['ams multilevelsplitting', [{ word: 'splitting' }]],
  [
    'importance importancesampling tilt tilting',
    [{ word: 'direct', note: 'importance sampling is written as method: { tilt: { shift: "-2*g" } }' }],
  ],
])

export const homes: ReadonlyMap<string, string> = new Map(
  (
    [
      ['', 'version name seed let landscape start update trial streams sweep trials until budget record horizons'],
      ['', 'confidence estimates contrasts priority tags'],
      ['landscape.', 'preset formula network minima parameters data batch sampling'],
      ['landscape.formula.', 'variables expression'],
      ['landscape.network.', 'layers activation output decay population dropout labelNoise'],
      ['update.', 'rule eta beta beta1 beta2 epsilon drift custom clip decoupledDecay sam etaByLayer'],
      ['update.drift.', 'form law sigma temperature q isotropic'],
      [
        'trial.',
        'steps escape converge afterEscape afterConverge divergence marks classify settledRadius warmup quench',
      ],
      ['trial.converge.', 'within hold'],
    ] as const
  ).flatMap(([above, keys]) => keys.split(' ').map((key) => [key, `${above}${key}`] as const)),
)

/** Explanations, by path, of keys that other software calls by another name. */
export const glosses: ReadonlyMap<string, string> = new Map([
  ['update.eta', 'the step size'],
  ['update.clip', 'the largest norm of the gradient'],
  ['update.warmup', 'the number of steps in which eta rises'],
  ['update.rule', 'the update rule'],
  ['update.drift.sigma', 'the scale of the noise'],
  ['update.beta', 'the momentum factor'],
  ['update.drift.law', 'the distribution of the noise'],
  ['trial.steps', 'the number of steps of a trial'],
  ['trials', 'the number of trials per cell'],
  ['landscape.formula.expression', 'the loss L'],
  ['landscape.formula', 'such as { variables: [x], expression: "x^2" }'],
  ['trial.converge.gradient', 'the gradient norm at which a trial has converged'],
  ['landscape.network.layers', 'the widths [inputs, .., outputs]'],
  ['start', 'the point where a trial begins'],
  ['sweep', 'one list of values for each path'],
])
