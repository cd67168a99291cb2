// Products of the layers of a network, in blocks whose sums stay in registers. Every sum runs from left to right.

#ifdef __AVX512F__
enum { PART = 8, ROWS = 4, COLUMNS = 4 };
#else
enum { PART = 4, ROWS = 2, COLUMNS = 4 };
#endif
/** A register. */
typedef double P __attribute__((vector_size(8 * PART), may_alias));
/** Vectors in rows and columns: the address, and bytes to the next row, the next column and the next term of a sum. */
typedef struct { char *at; uint64_t row, column, term; } Matrix;

/** to_rc = from_rc + sum_k a_rk b_ck. If `shared`, b has one number for all lanes. */
INLINE void block(Matrix to, Matrix from, Matrix a, Matrix b, bool shared, int rows, int columns, int32_t terms) {
  P sums[ROWS][COLUMNS], x[COLUMNS];
#define SUM(of) (*(P *)(of.at + r * of.row + c * of.column))
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < columns; c++) sums[r][c] = SUM(from);
  for (int32_t k = 0; k < terms; k++) {
    for (int c = 0; c < columns; c++) {
      char *at = b.at + c * b.column;
      if (shared) x[c] = *(double *)at - (P){0};
      else x[c] = *(P *)at;
    }
    for (int r = 0; r < rows; r++) {
      P w = *(P *)(a.at + r * a.row);
      for (int c = 0; c < columns; c++) sums[r][c] += w * x[c];
    }
    a.at += a.term;
    b.at += b.term;
  }
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < columns; c++) SUM(to) = sums[r][c];
}
/** The parts of a block one after the other, while its vectors are in the cache. */
INLINE void parts(Matrix to, Matrix from, Matrix a, Matrix b, bool shared, int rows, int columns, int32_t terms) {
  for (int part = 0; part < LANES / PART; part++) {
    block(to, from, a, b, shared, rows, columns, terms);
    to.at += sizeof(P);
    from.at += sizeof(P);
    a.at += sizeof(P);
    if (!shared) b.at += sizeof(P);
  }
}
#define COLUMNS_ON(n) (to.at += (n) * to.column, from.at += (n) * from.column, b.at += (n) * b.column)
#define ROWS_ON(n) (to.at += (n) * to.row, from.at += (n) * from.row, a.at += (n) * a.row)
INLINE void blocks(Matrix to, Matrix from, Matrix a, Matrix b, bool shared, int rows, int32_t columns, int32_t terms) {
  int32_t c = 0;
  for (; c + COLUMNS <= columns; c += COLUMNS, COLUMNS_ON(COLUMNS)) parts(to, from, a, b, shared, rows, COLUMNS, terms);
  for (; c < columns; c++, COLUMNS_ON(1)) parts(to, from, a, b, shared, rows, 1, terms);
}
INLINE void products(Matrix to, Matrix from, Matrix a, Matrix b, bool shared, int32_t rows, int32_t columns,
                     int32_t terms) {
  int32_t r = 0;
  for (; r + ROWS <= rows; r += ROWS, ROWS_ON(ROWS)) blocks(to, from, a, b, shared, ROWS, columns, terms);
  for (; r < rows; r++, ROWS_ON(1)) blocks(to, from, a, b, shared, 1, columns, terms);
}

/** Begins a sum: -0 + a is a for every a. */
static const V nothing = {INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN};
#define NOTHING ((Matrix){(char *)&nothing})
#define AT(address) (&WIDE(char, address))
#define ROW (4 * (uint64_t)g_TILE_ROW)

INLINE void dense(BOTH, uint32_t weights, Matrix from, bool shared, uint32_t to, int inputs, int outputs, int samples) {
  Matrix biases = {AT(weights + 16 * inputs * outputs), 64};
  Matrix by = {AT(weights), 64 * (uint64_t)inputs, 0, 64};
  products((Matrix){AT(to), ROW, 64}, g_BIASES ? biases : NOTHING, by, from, shared, outputs, samples, inputs);
}
static void f_forward_dense_FromRows(BOTH, uint32_t weights, uint32_t from, uint32_t to, int32_t inputs,
                                     int32_t outputs, int32_t samples) {
  dense(M, S, weights, (Matrix){AT(from), 0, 64, ROW}, 0, to, inputs, outputs, samples);
}
static void f_forward_dense_FromData(BOTH, uint32_t weights, uint32_t from, uint32_t to, int32_t inputs,
                                     int32_t outputs, int32_t samples) {
  dense(M, S, weights, (Matrix){M + from, 0, c_tile_LINE, 8}, 1, to, inputs, outputs, samples);
}

INLINE void sumLayer(BOTH, uint32_t sums, uint32_t delta, Matrix from, bool shared, int32_t inputs, int32_t outputs,
                     int32_t samples) {
  Matrix to = {AT(sums), 64 * (uint64_t)inputs, 64};
  products(to, to, (Matrix){AT(delta), ROW, 0, 64}, from, shared, outputs, inputs, samples);
  if (g_BIASES) f_gradientSums_sumBiases(M, S, sums + 16 * inputs * outputs, delta, outputs, samples);
}
static void f_gradientSums_sumLayer_FromRows(BOTH, uint32_t sums, uint32_t delta, uint32_t from, int32_t inputs,
                                             int32_t outputs, int32_t samples) {
  sumLayer(M, S, sums, delta, (Matrix){AT(from), 0, ROW, 64}, 0, inputs, outputs, samples);
}
static void f_gradientSums_sumLayer_FromData(BOTH, uint32_t sums, uint32_t delta, uint32_t from, int32_t inputs,
                                             int32_t outputs, int32_t samples) {
  sumLayer(M, S, sums, delta, (Matrix){M + from, 0, 8, c_tile_LINE}, 1, inputs, outputs, samples);
}

static void f_backward_back(BOTH, uint32_t weights, uint32_t delta, uint32_t a, uint32_t z, int32_t inputs,
                            int32_t outputs, int32_t samples) {
  for (int32_t j = 0; j < inputs; j += ROWS) {
    V sums[ROWS][g_TILE];
    int32_t rows = minimum(inputs - j, ROWS);
    Matrix by = {AT(weights + 16 * j), 64, 0, 64 * (uint64_t)inputs};
    Matrix to = {(char *)sums, sizeof(sums[0]), 64}, errors = {AT(delta), 0, 64, ROW};
    products(to, NOTHING, by, errors, 0, rows, samples, outputs);
    for (int32_t r = 0; r < rows; r++)
      for (int32_t s = 0; s < samples; s++) {
        uint32_t at = (j + r) * g_TILE_ROW + 16 * s;
        f_activation_deltaOne(M, S, sums[r][s], WIDE(V, a + at), z + at);
      }
  }
}
