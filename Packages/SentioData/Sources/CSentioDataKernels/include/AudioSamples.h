#ifndef SENTIO_AUDIO_SAMPLES_H
#define SENTIO_AUDIO_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

/// How a decoder stores one sample.
typedef enum {
  SENTIO_SAMPLE_U8 = 0,
  SENTIO_SAMPLE_S16 = 1,
  SENTIO_SAMPLE_S32 = 2,
  SENTIO_SAMPLE_F32 = 3,
  SENTIO_SAMPLE_F64 = 4,
  SENTIO_SAMPLE_S64 = 5,
} sentio_sample_type;

/// out[i] = mean over c of value(channels[c][i * stride]), scaled so that full scale is 1.
/// Values that are not finite become 0. Returns how many of the means were not finite.
size_t sentio_audio_mean(sentio_sample_type type, const void *const *channels, int channel_count,
                         ptrdiff_t stride, size_t frame_count, float *out);

/// out[i * stride + c] = the nearest 16-bit value of in[i], clipped; returns how many were clipped.
/// Clipped means beyond ±1; a value that is not a number becomes 0 and counts as clipped.
size_t sentio_audio_to_s16(const float *in, size_t count, ptrdiff_t stride, int16_t *out);

/// The same for 32-bit containers that hold `bits` (24 or 32) significant bits, left-justified.
size_t sentio_audio_to_s32(const float *in, size_t count, ptrdiff_t stride, int bits,
                           int32_t *out);

/// out[i * stride] = in[i] with values that are not finite set to 0; returns how many were.
size_t sentio_audio_to_f32(const float *in, size_t count, ptrdiff_t stride, float *out);

#endif
