#ifndef CSENTIO_TENSOR_PHASES_H
#define CSENTIO_TENSOR_PHASES_H

#include <stddef.h>
#include <stdint.h>

/// The outputs of a transposed convolution with steps (stride_y, stride_x), sorted by the remainder that their
/// place leaves: row (m · stride_y + a − top) and column (k · stride_x + b − left) of the image are row m and column k
/// of phase (a, b). A tile is some rows and columns of all phases, `plane` numbers for each channel of
/// each phase, and from row to row `pitch`.
struct sentio_phase_tile {
  ptrdiff_t first_row, rows, first_column, columns, pitch, plane;
  ptrdiff_t out_height, out_width, stride_y, stride_x, top, left;
};

/// Copies rows and columns of `channels` planes, zeros where they lie outside and in what is left of the pitch
/// and of each target plane.
void sentio_plane_window(const float *x, ptrdiff_t height, ptrdiff_t width, ptrdiff_t first_row,
                         ptrdiff_t rows, ptrdiff_t first_column, ptrdiff_t columns, ptrdiff_t pitch,
                         ptrdiff_t plane, float *out, size_t channels);

/// Writes a tile of phases to its places in the image, with the channel's bias unless that is NULL.
void sentio_phases_merge(const float *phases, const struct sentio_phase_tile *tile,
                         const float *bias, float *out, size_t channels);

/// Reads a tile of phases from an image; 0 outside of it, and in what is left of pitch and plane.
void sentio_phases_split(const float *x, const struct sentio_phase_tile *tile, float *phases,
                         size_t channels);

/// Rounds `rows` rows of numbers, `source_step` apart, to bfloat16 rows that are `target_step` apart.
void sentio_rows_to_bfloat16(const float *source, ptrdiff_t source_step, uint16_t *target,
                             ptrdiff_t target_step, size_t rows, size_t columns);

#endif
