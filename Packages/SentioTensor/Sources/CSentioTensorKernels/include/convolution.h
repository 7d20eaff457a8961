#ifndef CSENTIO_TENSOR_CONVOLUTION_H
#define CSENTIO_TENSOR_CONVOLUTION_H

#include <stddef.h>
#include <stdint.h>

// Convolution as a product of matrices of which one is never written out: row k of it, the input seen
// through one channel and one tap, is a stretch of the padded input that starts at an offset of its own.
//
// Numbers are multiplied as single precision, or as pairs of bfloat16 in words of four bytes, of which a
// product adds both halves' products to one single precision sum.

/// The instruction sets that the products are compiled for, the widest first.
enum sentio_convolution_width {
  SENTIO_CONVOLUTION_AVX512,
  SENTIO_CONVOLUTION_AVX2,
  SENTIO_CONVOLUTION_BASE,
};

/// The widest of them that this chip has.
enum sentio_convolution_width sentio_convolution_width(void);

/// Whether this chip multiplies pairs of bfloat16.
int sentio_convolution_pairs(void);

/// The rows of weights that lie together when packed for a width.
size_t sentio_convolution_rows(enum sentio_convolution_width width);

/// Words behind the last one of a plane that the products may read.
enum { SENTIO_CONVOLUTION_SLACK = 64 };

/// Columns of a turned gradient that lie together, so that a block of them is dense in the first cache.
enum { SENTIO_CONVOLUTION_PANEL = 64 };

/// One axis of a plane: element (phase, i) of it stands for the source's coordinate
/// `(first + i) * step + phases[phase]`, and is 0 where the source has none.
struct sentio_plane_axis {
  size_t count;
  ptrdiff_t first, step, extent;
  size_t phase_count;
  const ptrdiff_t *phases;
};

/// Copies `channels` channels into padded planes `[channel][row phase][column phase][row][column]`, which begin
/// `channel_words` elements apart.
void sentio_convolution_gather(const float *source, ptrdiff_t channel_step, ptrdiff_t row_step,
                               size_t channels, const struct sentio_plane_axis *rows,
                               const struct sentio_plane_axis *columns,
                               size_t channel_words, float *plane);

/// The same for words of two neighbouring channels; behind an odd last channel stand zeros.
void sentio_convolution_gather_pairs(const float *source, ptrdiff_t channel_step, ptrdiff_t row_step,
                                     size_t channels, const struct sentio_plane_axis *rows,
                                     const struct sentio_plane_axis *columns,
                               size_t channel_words, uint32_t *plane);

/// The same for bfloat16 numbers that are not paired.
void sentio_convolution_gather_halves(const float *source, ptrdiff_t channel_step,
                                      ptrdiff_t row_step, size_t channels,
                                      const struct sentio_plane_axis *rows,
                                      const struct sentio_plane_axis *columns,
                               size_t channel_words, uint16_t *plane);

/// Puts weights into the order in which a product reads them: blocks of rows, in each term by term. Term
/// `channel * taps + tap` of a row is `weights[row * row_step + channel * channel_step + positions[tap]]`.
void sentio_convolution_pack(const float *weights, size_t rows, ptrdiff_t row_step, size_t channels,
                             ptrdiff_t channel_step, const int32_t *positions, size_t taps,
                             size_t block, float *packed);

/// The same for words of two neighbouring channels.
void sentio_convolution_pack_pairs(const float *weights, size_t rows, ptrdiff_t row_step,
                                   size_t channels, ptrdiff_t channel_step,
                                   const int32_t *positions, size_t taps, size_t block,
                                   uint32_t *packed);

/// The product of weights and one plane.
struct sentio_convolution_product {
  /// Packed weights, `rows` × `terms` words.
  const void *weights;
  size_t rows, terms;
  /// The plane, and where in it each term's row of the implicit matrix starts, in words.
  const void *plane;
  const int32_t *offsets;
  /// One number for each row of weights, or null for zeros.
  const float *bias;
  /// The outputs: `height` rows of `width`, which in the plane begin `pitch` words apart.
  size_t height, width, pitch;
  float *out;
  ptrdiff_t out_channel_step, out_row_step, out_column_step;
  /// Terms that are added at a time, and memory for `rows` × SENTIO_CONVOLUTION_STRETCH sums meanwhile; null
  /// where all are added at once.
  size_t block;
  float *sums;
};

/// The most positions of a tile.
enum { SENTIO_CONVOLUTION_STRETCH = 48 };

void sentio_convolution_multiply(const struct sentio_convolution_product *product,
                                 enum sentio_convolution_width width);
void sentio_convolution_multiply_pairs(const struct sentio_convolution_product *product);

/// Turns `channels` channels of `height` rows of `width` numbers into panels `[position][channel]`, where a row
/// takes `pitch` positions; positions without a number and channels up to `columns` get zeros. `steps` is
/// the number of positions.
void sentio_convolution_turn(const float *source, ptrdiff_t channel_step, ptrdiff_t row_step,
                             size_t channels, size_t height, size_t width, size_t pitch,
                             size_t steps, size_t columns, float *turned);

/// The same for words of two neighbouring positions; `steps` counts words.
void sentio_convolution_turn_pairs(const float *source, ptrdiff_t channel_step, ptrdiff_t row_step,
                                   size_t channels, size_t height, size_t width, size_t pitch,
                                   size_t steps, size_t columns, uint32_t *turned);

/// Adds Σ over steps of plane[offsets[row] + step] · turned[step][column] to sums[row][column].
///
/// Rows of `sums` have `columns` elements, a multiple of 16; `turned` has them in panels. With pairs the plane holds bfloat16
/// numbers that are not paired, a step takes two, and offsets count numbers.
struct sentio_convolution_correlation {
  const void *plane;
  const int32_t *offsets;
  size_t rows;
  const void *turned;
  size_t columns, steps;
  float *sums;
};

void sentio_convolution_correlate(const struct sentio_convolution_correlation *correlation,
                                  enum sentio_convolution_width width);
void sentio_convolution_correlate_pairs(const struct sentio_convolution_correlation *correlation);

#endif
