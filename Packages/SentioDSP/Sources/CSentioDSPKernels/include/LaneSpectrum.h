#ifndef SENTIO_DSP_LANE_SPECTRUM_H
#define SENTIO_DSP_LANE_SPECTRUM_H

#include <stddef.h>

/// magnitude = √power
void sentio_dsp_lane_square_root(const float *power, size_t bins, float *magnitude);

/// Centroid and bandwidth in bins, and the first bin at which the running sum reaches `fraction` of
/// the whole, of each lane. A lane without energy gives zeros.
void sentio_dsp_lane_shape(const float *magnitude, size_t bins, float fraction, float *centroid,
                           float *bandwidth, float *rolloff);

/// Geometric mean over arithmetic mean of max(power, least).
void sentio_dsp_lane_flatness(const float *power, size_t bins, float least, float *flatness);

/// √Σ(a/Σa - b/Σb)² of two magnitude spectra; a spectrum without energy counts as zeros.
void sentio_dsp_lane_flux(const float *magnitude, const float *previous, size_t bins, float *flux);

/// Σ power, bins 0 and (where `halves_last`) the last counted half.
void sentio_dsp_lane_one_sided_sum(const float *power, size_t bins, int halves_last, float *sum);

/// Means of the `count` largest and the `count` smallest of `bins` values.
///
/// `scratch` has room for 2 · count lanes.
void sentio_dsp_lane_extremes(const float *values, size_t bins, size_t count, float *scratch,
                              float *peak, float *valley);

/// Local maxima of bins first..<last (at least 1, at most bins - 1) that exceed `fraction` of the
/// largest bin: their interpolated positions in bins and heights. Returns how many.
///
/// `positions` and `heights` have room for 8 · (last - first + 2) values.
size_t sentio_dsp_lane_peaks(const float *values, size_t bins, size_t first, size_t last,
                             float fraction, size_t used, float *positions, float *heights);

#endif
