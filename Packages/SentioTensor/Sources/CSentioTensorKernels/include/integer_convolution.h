#ifndef CSENTIO_TENSOR_INTEGER_CONVOLUTION_H
#define CSENTIO_TENSOR_INTEGER_CONVOLUTION_H

#include <stddef.h>
#include <stdint.h>

#include "elementwise.h"

// Convolution of bytes. Four channels stand in a word, and the words of one channel quad, row phase and
// column phase lie as a plane of their own: what a tap sees from one output to the next is then a stretch of
// words without gaps, whatever the stride, and goes on over the end of a row. The products on the way from
// one row's last output to the next row's first are computed and dropped.

/// Rows of weights that lie together when packed.
enum { SENTIO_INTEGER_ROWS = 6 };
/// Places that are computed together, so that many words behind the last plane may be read.
enum { SENTIO_INTEGER_PLACES = 64 };

/// How an image's padded planes lie, and what stands in them.
struct sentio_byte_planes {
  size_t height, width;
  size_t stride_y, stride_x, top, left;
  /// Rows and columns of a plane: of the padded image every stride_y-th and stride_x-th.
  size_t rows, columns;
  float inverse_scale;
  int zero_point;
};

/// Rounds quads first..<last of channels as ``sentio_quantize`` does, the padding to the zero point. Quads are
/// counted through images and groups, and a group's last one may have fewer channels.
void sentio_byte_planes_fill(const struct sentio_byte_planes *planes, const float *x, size_t channels,
                             size_t first, size_t last, uint32_t *out);

/// Weights `[outputs, channels, taps]` of one group as blocks of SENTIO_INTEGER_ROWS rows: for every channel
/// quad and tap the rows' four bytes; zeros where there is no row or channel.
void sentio_integer_pack(const int8_t *weights, size_t outputs, size_t channels, size_t taps, int8_t *out);

struct sentio_integer_convolution {
  /// Groups, outputs of one, and words of a group's planes.
  size_t groups, outputs, group_words;
  /// Words from an output's place to what its products read, one after the other.
  size_t steps;
  const size_t *offsets;
  /// Packed weights, group after group.
  const int8_t *weights;
  /// Outputs of a plane, and the words from row to row.
  size_t out_height, out_width, pitch;
  /// For each output channel what its sums are lessened and multiplied by; bias may be NULL.
  const int32_t *zero_sums;
  const float *factors, *bias;
  /// NULL for the identity.
  sentio_unary activation;
};

/// Parts of an image that ``sentio_integer_convolve`` counts.
size_t sentio_integer_parts(const struct sentio_integer_convolution *convolution);

/// Convolves one image's parts first..<last. With `plain`, without the chip's instructions for it; the integers
/// are the same.
void sentio_integer_convolve(const struct sentio_integer_convolution *convolution, const uint32_t *planes,
                             size_t first, size_t last, int plain, float *out);

#endif
