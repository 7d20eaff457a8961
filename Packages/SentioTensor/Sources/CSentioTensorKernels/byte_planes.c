#include <math.h>
#include <string.h>

#include "clones.h"
#include "integer_convolution.h"

/// One channel's numbers of a stretch, into their byte of each word. The first channel of a quad clears the rest.
SENTIO_CLONES static void put_bytes(const float *x, size_t count, float inverse_scale, int zero_point,
                                    int shift, uint32_t *out) {
  const float least = (float)-zero_point, most = (float)(255 - zero_point);
  const uint32_t kept = shift ? ~0u : 0u;
#pragma clang loop vectorize(assume_safety)
  for (size_t i = 0; i < count; i++) {
    float v = rintf(x[i] * inverse_scale);
    v = v > least ? v : (v != v ? 0.0f : least);
    v = v < most ? v : most;
    out[i] = (out[i] & kept) | (uint32_t)((int)v + zero_point) << shift;
  }
}

/// The part of a plane's axis, from element to element `step` of the padded source, that is inside of it.
static void inside(size_t count, size_t phase, size_t step, size_t before, size_t extent, size_t *low,
                   size_t *high) {
  *low = before > phase ? (before - phase + step - 1) / step : 0;
  *high = before + extent > phase ? (before + extent - phase + step - 1) / step : 0;
  if (*high > count) *high = count;
  if (*low > *high) *low = *high;
}

static void fill(uint32_t *out, size_t count, uint32_t word) {
  for (size_t i = 0; i < count; i++) out[i] = word;
}

/// A row of the quad's channels, rounded where it lies and then taken apart by the phases of its columns.
static void scatter_row(const struct sentio_byte_planes *p, const float *x, size_t channels, uint32_t *out) {
  enum { STRETCH = 256 };
  uint32_t words[STRETCH];
  size_t phase = p->left % p->stride_x, column = p->left / p->stride_x;
  for (size_t start = 0; start < p->width && column < p->columns; start += STRETCH) {
    const size_t count = p->width - start < STRETCH ? p->width - start : STRETCH;
    for (size_t i = 0; i < channels; i++) {
      put_bytes(x + i * p->height * p->width + start, count, p->inverse_scale, p->zero_point, (int)(8 * i),
                words);
    }
    for (size_t i = 0; i < count && column < p->columns; i++) {
      out[phase * p->rows * p->columns + column] = words[i];
      if (++phase == p->stride_x) {
        phase = 0;
        column++;
      }
    }
  }
}

void sentio_byte_planes_fill(const struct sentio_byte_planes *planes, const float *x, size_t channels,
                             size_t first, size_t last, uint32_t *out) {
  const struct sentio_byte_planes p = *planes;
  const size_t quads = (channels + 3) / 4;
  const uint32_t zero = (uint32_t)p.zero_point * 0x01010101u;
  const size_t quad_words = p.stride_y * p.stride_x * p.rows * p.columns;
  out += first * quad_words;
  for (size_t quad = first; quad < last; quad++) {
    const size_t channel = quad % quads * 4;
    const size_t present = channels - channel < 4 ? channels - channel : 4;
    const float *image = x + (quad / quads * channels + channel) * p.height * p.width;
    if (p.stride_x > 1) {
      fill(out, quad_words, zero);
      out += quad_words;
      for (size_t y = 0; y < p.height; y++) {
        const size_t row = (y + p.top) / p.stride_y, phase = (y + p.top) % p.stride_y;
        if (row >= p.rows) continue;
        scatter_row(&p, image + y * p.width, present,
                    out - quad_words + (phase * p.stride_x * p.rows + row) * p.columns);
      }
      continue;
    }
    for (size_t row_phase = 0; row_phase < p.stride_y; row_phase++) {
      size_t top, bottom, low, high;
      inside(p.columns, 0, 1, p.left, p.width, &low, &high);
      inside(p.rows, row_phase, p.stride_y, p.top, p.height, &top, &bottom);
      for (size_t row = 0; row < p.rows; row++, out += p.columns) {
        if (row < top || row >= bottom || low == high) {
          fill(out, p.columns, zero);
          continue;
        }
        const float *from =
            image + (row * p.stride_y + row_phase - p.top) * p.width + (low - p.left);
        fill(out, low, zero);
        for (size_t i = 0; i < present; i++) {
          put_bytes(from + i * p.height * p.width, high - low, p.inverse_scale, p.zero_point,
                    (int)(8 * i), out + low);
        }
        fill(out + high, p.columns - high, zero);
      }
    }
  }
}
