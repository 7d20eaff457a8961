#include <string.h>

#include "clones.h"
#include "convolution.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define PAIRS __attribute__((target("avx512f,avx512bw,avx512bf16")))
#endif

// The part of an axis for which the source has elements, and the coordinate of its first.
struct stretch {
  size_t low, high;
  ptrdiff_t source;
};

static struct stretch stretch_of(const struct sentio_plane_axis *axis, size_t phase) {
  const ptrdiff_t start = axis->first * axis->step + axis->phases[phase];
  const ptrdiff_t low = start >= 0 ? 0 : (-start + axis->step - 1) / axis->step;
  const ptrdiff_t high = axis->extent <= start ? 0 : (axis->extent - start + axis->step - 1) / axis->step;
  struct stretch s = {(size_t)low, (size_t)high, start + low * axis->step};
  if (s.low > axis->count) s.low = axis->count;
  if (s.high > axis->count) s.high = axis->count;
  if (s.high < s.low) s.high = s.low;
  return s;
}

// Writes a row of `count` elements, of which those of low..<high come from the source and the others are 0. May
// write up to 31 elements more: rows are written in order, and behind the last one is room.
typedef void (*row_copy)(const float *source, const float *next, ptrdiff_t step, size_t low, size_t high,
                         size_t count, void *to);

// `group` channels make one plane of elements of `size` bytes.
static void gather(const float *source, ptrdiff_t channel_step, ptrdiff_t row_step, size_t channels,
                   const struct sentio_plane_axis *rows, const struct sentio_plane_axis *columns,
                   size_t channel_words, size_t group, size_t size, row_copy copy, char *to) {
  char *start = to;
  for (size_t channel = 0; channel < channels; channel += group, to = start) {
    const float *image = source + (ptrdiff_t)channel * channel_step;
    const float *next = group > 1 && channel + 1 < channels ? image + channel_step : NULL;
    for (size_t row_phase = 0; row_phase < rows->phase_count; row_phase++) {
      const struct stretch y = stretch_of(rows, row_phase);
      for (size_t column_phase = 0; column_phase < columns->phase_count; column_phase++) {
        const struct stretch x = stretch_of(columns, column_phase);
        for (size_t r = 0; r < rows->count; r++, to += columns->count * size) {
          if (r < y.low || r >= y.high) {
            memset(to, 0, columns->count * size);
            continue;
          }
          const ptrdiff_t at = (y.source + (ptrdiff_t)(r - y.low) * rows->step) * row_step + x.source;
          copy(image + at, next ? next + at : NULL, columns->step, x.low, x.high, columns->count, to);
        }
      }
    }
    start += channel_words * size;
    memset(to, 0, (size_t)(start - to));
  }
  memset(to, 0, SENTIO_CONVOLUTION_SLACK * size);
}

void sentio_convolution_pack(const float *weights, size_t rows, ptrdiff_t row_step, size_t channels,
                             ptrdiff_t channel_step, const int32_t *positions, size_t taps,
                             size_t block, float *packed) {
  for (size_t row = 0; row < rows;) {
    size_t count = block;
    while (count > rows - row) count /= 2;
    for (size_t channel = 0; channel < channels; channel++) {
      for (size_t tap = 0; tap < taps; tap++, packed += count) {
        const float *from = weights + (ptrdiff_t)row * row_step + (ptrdiff_t)channel * channel_step +
                            positions[tap];
        for (size_t i = 0; i < count; i++) packed[i] = from[(ptrdiff_t)i * row_step];
      }
    }
    row += count;
  }
}

// The part of a turned gradient that holds 16 channels, at a position.
static inline size_t panel_width(size_t channel, size_t columns) {
  const size_t rest = columns - channel / SENTIO_CONVOLUTION_PANEL * SENTIO_CONVOLUTION_PANEL;
  return rest < SENTIO_CONVOLUTION_PANEL ? rest : SENTIO_CONVOLUTION_PANEL;
}

static inline size_t panel_place(size_t channel, size_t columns, size_t steps, size_t step) {
  return channel / SENTIO_CONVOLUTION_PANEL * SENTIO_CONVOLUTION_PANEL * steps +
         step * panel_width(channel, columns) + channel % SENTIO_CONVOLUTION_PANEL;
}

static void turn_plainly(const float *source, ptrdiff_t channel_step, size_t channels, size_t width,
                         size_t pitch, float *turned) {
  for (size_t x = 0; x < width; x++) {
    for (size_t channel = 0; channel < 16; channel++) {
      turned[x * pitch + channel] =
          channel < channels ? source[(ptrdiff_t)channel * channel_step + (ptrdiff_t)x] : 0;
    }
  }
}

#if defined(__x86_64__)
#define WIDE static inline __attribute__((always_inline, target("avx512f")))

// 16 × 16 words, rows to columns.
WIDE void transpose(__m512 r[16]) {
  __m512 t[16];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) {
    t[2 * i] = _mm512_unpacklo_ps(r[2 * i], r[2 * i + 1]);
    t[2 * i + 1] = _mm512_unpackhi_ps(r[2 * i], r[2 * i + 1]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    const __m512d a = (__m512d)t[4 * i], b = (__m512d)t[4 * i + 1], c = (__m512d)t[4 * i + 2],
                  d = (__m512d)t[4 * i + 3];
    r[4 * i] = (__m512)_mm512_unpacklo_pd(a, c);
    r[4 * i + 1] = (__m512)_mm512_unpackhi_pd(a, c);
    r[4 * i + 2] = (__m512)_mm512_unpacklo_pd(b, d);
    r[4 * i + 3] = (__m512)_mm512_unpackhi_pd(b, d);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    t[i] = _mm512_shuffle_f32x4(r[i], r[i + 4], 0x88);
    t[i + 4] = _mm512_shuffle_f32x4(r[i], r[i + 4], 0xdd);
    t[i + 8] = _mm512_shuffle_f32x4(r[i + 8], r[i + 12], 0x88);
    t[i + 12] = _mm512_shuffle_f32x4(r[i + 8], r[i + 12], 0xdd);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    r[i] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0x88);
    r[i + 4] = _mm512_shuffle_f32x4(t[i + 4], t[i + 12], 0x88);
    r[i + 8] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0xdd);
    r[i + 12] = _mm512_shuffle_f32x4(t[i + 4], t[i + 12], 0xdd);
  }
}

WIDE __mmask16 first(size_t count) { return count >= 16 ? 0xffff : (__mmask16)((1u << count) - 1); }

// 16 channels, of which the last may be missing.
__attribute__((target("avx512f"))) static void turn_widely(const float *source, ptrdiff_t channel_step,
                                                           size_t channels, size_t width,
                                                           size_t pitch, float *turned) {
  for (size_t x = 0; x < width; x += 16) {
    const __mmask16 mask = first(width - x);
    __m512 r[16];
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 16; i++) {
      r[i] = i < channels ? _mm512_maskz_loadu_ps(mask, source + (ptrdiff_t)i * channel_step + x)
                          : _mm512_setzero_ps();
    }
    transpose(r);
    float *to = turned + x * pitch;
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 16; i++) {
      if (x + i < width) _mm512_storeu_ps(to + i * pitch, r[i]);
    }
  }
}

PAIRS static void turn_pairs(const float *source, ptrdiff_t channel_step, size_t channels, size_t width,
                             size_t pitch, uint32_t *turned) {
  for (size_t x = 0; x < width; x += 32) {
    const __mmask16 low = first(width - x), high = x + 16 < width ? first(width - x - 16) : 0;
    __m512 r[16];
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 16; i++) {
      const float *from = source + (ptrdiff_t)i * channel_step + x;
      r[i] = i < channels ? (__m512)_mm512_cvtne2ps_pbh(_mm512_maskz_loadu_ps(high, from + 16),
                                                        _mm512_maskz_loadu_ps(low, from))
                          : _mm512_setzero_ps();
    }
    transpose(r);
    uint32_t *to = turned + x / 2 * pitch;
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 16; i++) {
      if (x + 2 * i < width) _mm512_storeu_si512(to + i * pitch, (__m512i)r[i]);
    }
  }
}

// The words of up to 8 rows of weights, for one channel pair and tap.
__attribute__((target("avx512f,avx512vl,avx512bf16"))) static void pack_rows(
    const float *from, ptrdiff_t row_step, ptrdiff_t channel_step, size_t count, uint32_t *packed) {
  const __m256i index = _mm256_mullo_epi32(_mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0),
                                           _mm256_set1_epi32((int)row_step));
  const __mmask8 mask = (__mmask8)((1u << count) - 1);
  const __m256 none = _mm256_setzero_ps();
  const __m256 a = _mm256_mmask_i32gather_ps(none, mask, index, from, 4);
  const __m256 b =
      channel_step ? _mm256_mmask_i32gather_ps(none, mask, index, from + channel_step, 4) : none;
  const __m256i low = _mm256_cvtepu16_epi32((__m128i)_mm256_cvtneps_pbh(a));
  const __m256i high = _mm256_cvtepu16_epi32((__m128i)_mm256_cvtneps_pbh(b));
  _mm256_mask_storeu_epi32(packed, mask, _mm256_or_si256(low, _mm256_slli_epi32(high, 16)));
}

// Lanes low..<high of 16 that start at `at`.
WIDE __mmask16 lanes(size_t low, size_t high, size_t at) {
  const uint32_t below = at >= low ? 0 : low - at >= 16 ? 0xffff : (1u << (low - at)) - 1;
  const uint32_t end = at >= high ? 0 : high - at >= 16 ? 0xffff : (1u << (high - at)) - 1;
  return (__mmask16)(end & ~below);
}

// Lanes of a row whose element `low` is at `source`, from element `at` on; 0 outside low..<high.
WIDE __m512 seen(const float *source, ptrdiff_t step, size_t low, size_t high, size_t at) {
  const __mmask16 mask = lanes(low, high, at);
  const float *from = (const float *)((uintptr_t)source +
                                      (uintptr_t)(((ptrdiff_t)at - (ptrdiff_t)low) * step * 4));
  if (step == 1) return _mm512_maskz_loadu_ps(mask, from);
  const __m512i index = _mm512_mullo_epi32(
      _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), _mm512_set1_epi32((int)step));
  return _mm512_mask_i32gather_ps(_mm512_setzero_ps(), mask, index, from, 4);
}

__attribute__((target("avx512f"))) static void copy_widely(const float *source, const float *next,
                                                           ptrdiff_t step, size_t low, size_t high,
                                                           size_t count, void *to) {
  (void)next;
  for (size_t i = 0; i < count; i += 16) _mm512_storeu_ps((float *)to + i, seen(source, step, low, high, i));
}

PAIRS static void copy_pairs(const float *source, const float *next, ptrdiff_t step, size_t low,
                             size_t high, size_t count, void *to) {
  for (size_t i = 0; i < count; i += 16) {
    const __m512 a = seen(source, step, low, high, i);
    const __m512 b = next ? seen(next, step, low, high, i) : _mm512_setzero_ps();
    const __m512i first_half = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(a));
    const __m512i second = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(b));
    _mm512_storeu_si512((uint32_t *)to + i, _mm512_or_si512(first_half, _mm512_slli_epi32(second, 16)));
  }
}

PAIRS static void copy_halves(const float *source, const float *next, ptrdiff_t step, size_t low,
                              size_t high, size_t count, void *to) {
  (void)next;
  for (size_t i = 0; i < count; i += 32) {
    const __m512 a = seen(source, step, low, high, i), b = seen(source, step, low, high, i + 16);
    _mm512_storeu_si512((uint16_t *)to + i, (__m512i)_mm512_cvtne2ps_pbh(b, a));
  }
}
#endif

static void copy_floats(const float *source, const float *next, ptrdiff_t step, size_t low, size_t high,
                        size_t count, void *to) {
  (void)next;
  float *out = to;
  memset(out, 0, low * sizeof *out);
  if (step == 1) {
    memcpy(out + low, source, (high - low) * sizeof *out);
  } else {
    for (size_t i = low; i < high; i++) out[i] = source[(ptrdiff_t)(i - low) * step];
  }
  memset(out + high, 0, (count - high) * sizeof *out);
}

void sentio_convolution_gather(const float *source, ptrdiff_t channel_step, ptrdiff_t row_step,
                               size_t channels, const struct sentio_plane_axis *rows,
                               const struct sentio_plane_axis *columns,
                               size_t channel_words, float *plane) {
  row_copy copy = copy_floats;
#if defined(__x86_64__)
  if (sentio_convolution_width() == SENTIO_CONVOLUTION_AVX512) copy = copy_widely;
#endif
  gather(source, channel_step, row_step, channels, rows, columns, channel_words, 1, sizeof *plane, copy,
         (char *)plane);
}

void sentio_convolution_gather_pairs(const float *source, ptrdiff_t channel_step, ptrdiff_t row_step,
                                     size_t channels, const struct sentio_plane_axis *rows,
                                     const struct sentio_plane_axis *columns,
                               size_t channel_words, uint32_t *plane) {
#if defined(__x86_64__)
  gather(source, channel_step, row_step, channels, rows, columns, channel_words, 2, sizeof *plane, copy_pairs,
         (char *)plane);
#endif
}

void sentio_convolution_gather_halves(const float *source, ptrdiff_t channel_step,
                                      ptrdiff_t row_step, size_t channels,
                                      const struct sentio_plane_axis *rows,
                                      const struct sentio_plane_axis *columns,
                               size_t channel_words, uint16_t *plane) {
#if defined(__x86_64__)
  gather(source, channel_step, row_step, channels, rows, columns, channel_words, 1, sizeof *plane, copy_halves,
         (char *)plane);
#endif
}

void sentio_convolution_turn(const float *source, ptrdiff_t channel_step, ptrdiff_t row_step,
                             size_t channels, size_t height, size_t width, size_t pitch,
                             size_t steps, size_t columns, float *turned) {
#if defined(__x86_64__)
  const int wide = sentio_convolution_width() == SENTIO_CONVOLUTION_AVX512;
#endif
  for (size_t channel = 0; channel < columns; channel += 16) {
    const size_t words = panel_width(channel, columns);
    const size_t left = channels > channel ? channels - channel : 0;
    for (size_t y = 0; y < height; y++) {
      const float *from = source + (ptrdiff_t)channel * channel_step + (ptrdiff_t)y * row_step;
      float *to = turned + panel_place(channel, columns, steps, y * pitch);
#if defined(__x86_64__)
      if (wide) {
        turn_widely(from, channel_step, left, width, words, to);
      } else
#endif
        turn_plainly(from, channel_step, left, width, words, to);
      const size_t end = y + 1 < height ? pitch : width;
      for (size_t x = width; x < end; x++) memset(to + x * words, 0, 16 * sizeof *to);
    }
  }
}

void sentio_convolution_turn_pairs(const float *source, ptrdiff_t channel_step, ptrdiff_t row_step,
                                   size_t channels, size_t height, size_t width, size_t pitch,
                                   size_t steps, size_t columns, uint32_t *turned) {
#if defined(__x86_64__)
  for (size_t channel = 0; channel < columns; channel += 16) {
    const size_t words = panel_width(channel, columns);
    const size_t left = channels > channel ? channels - channel : 0;
    for (size_t y = 0; y < height; y++) {
      const float *from = source + (ptrdiff_t)channel * channel_step + (ptrdiff_t)y * row_step;
      uint32_t *to = turned + panel_place(channel, columns, steps, y * (pitch / 2));
      turn_pairs(from, channel_step, left, width, words, to);
      const size_t end = y + 1 < height ? pitch / 2 : (width + 1) / 2;
      for (size_t x = (width + 1) / 2; x < end; x++) memset(to + x * words, 0, 16 * sizeof *to);
    }
  }
#endif
}

void sentio_convolution_pack_pairs(const float *weights, size_t rows, ptrdiff_t row_step,
                                   size_t channels, ptrdiff_t channel_step,
                                   const int32_t *positions, size_t taps, size_t block,
                                   uint32_t *packed) {
#if defined(__x86_64__)
  for (size_t row = 0; row < rows;) {
    size_t count = block;
    while (count > rows - row) count /= 2;
    for (size_t channel = 0; channel < channels; channel += 2) {
      for (size_t tap = 0; tap < taps; tap++, packed += count) {
        pack_rows(weights + (ptrdiff_t)row * row_step + (ptrdiff_t)channel * channel_step + positions[tap],
                  row_step, channel + 1 < channels ? channel_step : 0, count, packed);
      }
    }
    row += count;
  }
#endif
}
