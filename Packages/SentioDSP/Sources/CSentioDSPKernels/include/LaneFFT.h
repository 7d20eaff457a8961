#ifndef SENTIO_DSP_LANE_FFT_H
#define SENTIO_DSP_LANE_FFT_H

#include <stddef.h>
#include <stdint.h>

/// Floats that `sentio_dsp_lane_fft_twiddles` writes for a complex transform of `size` points.
size_t sentio_dsp_lane_fft_twiddle_count(size_t size);

/// The twiddle factors of all passes of a complex transform of `size` points, a power of two.
void sentio_dsp_lane_fft_twiddles(size_t size, float *twiddles);

/// Where bin `k` stands after `sentio_dsp_lane_fft`, for every k < size.
void sentio_dsp_lane_fft_positions(size_t size, uint32_t *positions);

/// The complex transform of 16 lanes in place; the result stands at `positions`.
///
/// `z` holds `size` points of 16 real parts and 16 imaginary parts each.
void sentio_dsp_lane_fft(float *z, size_t size, const float *twiddles);

/// The power of the `size + 1` bins of real signals of 2·size samples, whose even and odd samples
/// were transformed as the real and imaginary parts of `z`. `turns` holds cos and sin of πk/size.
void sentio_dsp_lane_real_power(const float *z, size_t size, const uint32_t *positions,
                                const float *turns, float *power);

/// The same bins as complex numbers: 16 real parts, then 16 imaginary parts, for each bin.
void sentio_dsp_lane_real_spectrum(const float *z, size_t size, const uint32_t *positions,
                                   const float *turns, float *spectrum);

/// power = re² + im² of bins stored as 16 real parts, then 16 imaginary parts.
void sentio_dsp_lane_power(const float *spectrum, size_t bins, float *power);

#endif
