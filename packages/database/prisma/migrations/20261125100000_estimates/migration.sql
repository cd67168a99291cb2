-- Estimates that came later, in the words of the views.
comment on column public.sweep.demand is 'What the newest submission asks of each cell: budget or stop rules, record, horizons, rateAfter (the burn-in of escapeRate), confidence, estimates.';
comment on column public.cell.escape_rate is 'Escapes per step at risk, both after the burn-in that rate: {after: n} leaves out; n is in estimates.';
comment on column public.cell.estimates is 'Every estimate by name (escape, exit:upper, stay, settle:left, class:good, mark:m2, cost:m2, joint:escaped,converged,left, ...): value, low, high, confidence, method, events; infinities are text.';
