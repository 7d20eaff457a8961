#include "phases.h"

#include <string.h>

#include "clones.h"
#include "narrow.h"

static inline ptrdiff_t at_most(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static inline ptrdiff_t at_least(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }

void sentio_plane_window(const float *x, ptrdiff_t height, ptrdiff_t width, ptrdiff_t first_row,
                         ptrdiff_t rows, ptrdiff_t first_column, ptrdiff_t columns, ptrdiff_t pitch,
                         ptrdiff_t plane, float *out, size_t channels) {
  const ptrdiff_t begin = at_most(at_least(-first_column, 0), columns);
  const ptrdiff_t end = at_least(at_most(columns, width - first_column), begin);
  for (size_t c = 0; c < channels; c++, x += height * width, out += plane) {
    for (ptrdiff_t r = 0; r < rows; r++) {
      float *target = out + r * pitch;
      const ptrdiff_t y = first_row + r;
      if (y < 0 || y >= height) {
        memset(target, 0, (size_t)pitch * sizeof *target);
        continue;
      }
      for (ptrdiff_t i = 0; i < begin; i++) target[i] = 0;
      memcpy(target + begin, x + y * width + first_column + begin,
             (size_t)(end - begin) * sizeof *target);
      for (ptrdiff_t i = end; i < pitch; i++) target[i] = 0;
    }
    for (ptrdiff_t i = rows * pitch; i < plane; i++) out[i] = 0;
  }
}

// The columns of phase b that lie in the image: begin ..< end of those in the tile.
static inline void columns_within(const struct sentio_phase_tile *t, ptrdiff_t b, ptrdiff_t *begin,
                                  ptrdiff_t *end) {
  const ptrdiff_t first = t->first_column * t->stride_x + b - t->left;
  *begin = first < 0 ? at_most((-first + t->stride_x - 1) / t->stride_x, t->columns) : 0;
  const ptrdiff_t last = first < t->out_width ? (t->out_width - 1 - first) / t->stride_x + 1 : 0;
  *end = at_least(at_most(last, t->columns), *begin);
}

SENTIO_CLONES void sentio_phases_merge(const float *phases, const struct sentio_phase_tile *tile,
                                       const float *bias, float *out, size_t channels) {
  const struct sentio_phase_tile t = *tile;
  const ptrdiff_t phase_step = (ptrdiff_t)channels * t.plane;
  for (size_t c = 0; c < channels; c++, phases += t.plane, out += t.out_height * t.out_width) {
    const float offset = bias ? bias[c] : 0;
    for (ptrdiff_t r = 0; r < t.rows; r++) {
      for (ptrdiff_t a = 0; a < t.stride_y; a++) {
        const ptrdiff_t y = (t.first_row + r) * t.stride_y + a - t.top;
        if (y < 0 || y >= t.out_height) continue;
        const float *source = phases + a * t.stride_x * phase_step + r * t.pitch;
        const ptrdiff_t first = t.first_column * t.stride_x - t.left;
        float *restrict row = out + y * t.out_width + first;
        ptrdiff_t begin = 0, end = 0;
        if (t.stride_x == 2) {
          // Both phases at once, in the columns that they have in common; the rest follows below.
          const float *even = source, *odd = source + phase_step;
          ptrdiff_t other_begin, other_end;
          columns_within(&t, 0, &begin, &end);
          columns_within(&t, 1, &other_begin, &other_end);
          begin = at_least(begin, other_begin);
          end = at_least(at_most(end, other_end), begin);
          for (ptrdiff_t i = begin; i < end; i++) {
            row[2 * i] = even[i] + offset;
            row[2 * i + 1] = odd[i] + offset;
          }
        }
        for (ptrdiff_t b = 0; b < t.stride_x; b++) {
          const float *phase = source + b * phase_step;
          ptrdiff_t from, to;
          columns_within(&t, b, &from, &to);
          if (begin == end) {
            for (ptrdiff_t i = from; i < to; i++) row[i * t.stride_x + b] = phase[i] + offset;
          } else {
            for (ptrdiff_t i = from; i < begin; i++) row[i * t.stride_x + b] = phase[i] + offset;
            for (ptrdiff_t i = end; i < to; i++) row[i * t.stride_x + b] = phase[i] + offset;
          }
        }
      }
    }
  }
}

SENTIO_CLONES void sentio_phases_split(const float *x, const struct sentio_phase_tile *tile,
                                       float *phases, size_t channels) {
  const struct sentio_phase_tile t = *tile;
  const ptrdiff_t phase_step = (ptrdiff_t)channels * t.plane;
  for (size_t c = 0; c < channels; c++, x += t.out_height * t.out_width, phases += t.plane) {
    for (ptrdiff_t a = 0; a < t.stride_y; a++) {
      for (ptrdiff_t b = 0; b < t.stride_x; b++) {
        float *target = phases + (a * t.stride_x + b) * phase_step;
        ptrdiff_t begin, end;
        columns_within(&t, b, &begin, &end);
        for (ptrdiff_t r = 0; r < t.rows; r++) {
          float *restrict row = target + r * t.pitch;
          const ptrdiff_t y = (t.first_row + r) * t.stride_y + a - t.top;
          if (y < 0 || y >= t.out_height) {
            memset(row, 0, (size_t)t.pitch * sizeof *row);
            continue;
          }
          const float *source = x + y * t.out_width + t.first_column * t.stride_x + b - t.left;
          for (ptrdiff_t i = 0; i < begin; i++) row[i] = 0;
          if (t.stride_x == 1) {
            for (ptrdiff_t i = begin; i < end; i++) row[i] = source[i];
          } else if (t.stride_x == 2) {
            for (ptrdiff_t i = begin; i < end; i++) row[i] = source[2 * i];
          } else {
            for (ptrdiff_t i = begin; i < end; i++) row[i] = source[i * t.stride_x];
          }
          for (ptrdiff_t i = end; i < t.pitch; i++) row[i] = 0;
        }
        for (ptrdiff_t i = t.rows * t.pitch; i < t.plane; i++) target[i] = 0;
      }
    }
  }
}

void sentio_rows_to_bfloat16(const float *source, ptrdiff_t source_step, uint16_t *target,
                             ptrdiff_t target_step, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++) {
    sentio_float_to_bfloat16(source + (ptrdiff_t)r * source_step,
                             target + (ptrdiff_t)r * target_step, columns);
  }
}
