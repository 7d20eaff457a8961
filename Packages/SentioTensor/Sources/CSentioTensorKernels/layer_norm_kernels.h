// The way back through normalized rows; see layer_norm.c.
// clang-format off
#include "vectors.h"

static void NAME(row_normalize_gradients)(const float *x, const float *gain, const float *mean,
                                          const float *inverse_deviation, const float *g,
                                          const float *addend, float *out,
                                          float *gain_sums, float *offset_sums, size_t rows,
                                          size_t columns) {
  const size_t whole = columns / LANES * LANES;
  if (gain_sums) memset(gain_sums, 0, columns * sizeof(float));
  if (offset_sums) memset(offset_sums, 0, columns * sizeof(float));
  for (size_t r = 0; r < rows; r++, x += columns, g += columns) {
    const float center = mean[r], scale = inverse_deviation[r];
    // With h = g · gain and z = (x − mean)/σ: (h − mean(h) − z · mean(h·z)) / σ.
    double sum = 0, moment = 0;
    for (size_t block = 0; block < whole; block += 512) {
      const size_t end = whole - block < 512 ? whole : block + 512;
      VECTOR sums = (VECTOR)(0.0f), moments = (VECTOR)(0.0f);
      for (size_t i = block; i < end; i += LANES) {
        const VECTOR arriving = NAME(load)(g + i);
        const VECTOR h = gain ? arriving * NAME(load)(gain + i) : arriving;
        const VECTOR z = (NAME(load)(x + i) - center) * scale;
        sums += h;
        moments += h * z;
        if (gain_sums) NAME(store)(gain_sums + i, NAME(load)(gain_sums + i) + arriving * z);
        if (offset_sums) NAME(store)(offset_sums + i, NAME(load)(offset_sums + i) + arriving);
      }
      sum += (double)NAME(sum)(sums);
      moment += (double)NAME(sum)(moments);
    }
    for (size_t i = whole; i < columns; i++) {
      const float h = gain ? g[i] * gain[i] : g[i], z = (x[i] - center) * scale;
      sum += (double)h;
      moment += (double)(h * z);
      if (gain_sums) gain_sums[i] += g[i] * z;
      if (offset_sums) offset_sums[i] += g[i];
    }
    if (!out) continue;
    const float a = (float)(sum / (double)columns), b = (float)(moment / (double)columns);
    for (size_t i = 0; i < whole; i += LANES) {
      const VECTOR arriving = NAME(load)(g + i);
      const VECTOR h = gain ? arriving * NAME(load)(gain + i) : arriving;
      const VECTOR own = (h - a - (NAME(load)(x + i) - center) * scale * b) * scale;
      NAME(store)(out + i, addend ? own + NAME(load)(addend + i) : own);
    }
    for (size_t i = whole; i < columns; i++) {
      const float h = gain ? g[i] * gain[i] : g[i];
      out[i] = (h - a - (x[i] - center) * scale * b) * scale + (addend ? addend[i] : 0.0f);
    }
    out += columns;
    if (addend) addend += columns;
  }
}
#undef VECTOR
#undef INTEGERS
