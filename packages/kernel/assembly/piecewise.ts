// Functions of the step that are constant by pieces: pairs of doubles, where a piece begins and its value, ascending.

/** In each lane the value of the last of `count` pieces that begins at or before n; the first begins at 0. */
export function piecewise(n: v128, pieces: usize, count: i32): v128 {
  const first = valueAt(f64x2.extract_lane(n, 0), pieces, count)
  const second = valueAt(f64x2.extract_lane(n, 1), pieces, count)
  return f64x2.replace_lane(f64x2.splat(first), 1, second)
}

function valueAt(n: f64, pieces: usize, count: i32): f64 {
  let known = 0
  let beyond = count
  while (beyond - known > 1) {
    const middle = (known + beyond) >> 1
    if (load<f64>(pieces + (<usize>middle << 4)) <= n) known = middle
    else beyond = middle
  }
  return load<f64>(pieces + (<usize>known << 4), 8)
}
