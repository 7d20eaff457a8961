#include "AudioSamples.h"

#include <math.h>

#if defined(__x86_64__) && defined(__linux__)
#define WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDE
#endif

// Mono and stereo, planar and interleaved, get loops that the compiler can vectorize; the rest
// takes the general one. Integers can't be infinite, but the check costs nothing beside the load.
#define DEFINE_MEAN(NAME, T, CONVERT)                                                            \
  WIDE static size_t NAME(const void *const *channels, int count, ptrdiff_t stride, size_t n,    \
                          float *out) {                                                          \
    if (count == 1 && stride == 1) {                                                             \
      const T *a = channels[0];                                                                  \
      for (size_t i = 0; i < n; i++) out[i] = CONVERT(a[i]);                                     \
    } else if (count == 1) {                                                                     \
      const T *a = channels[0];                                                                  \
      for (size_t i = 0; i < n; i++) out[i] = CONVERT(a[(ptrdiff_t)i * stride]);                 \
    } else if (count == 2 && stride == 1) {                                                      \
      const T *a = channels[0], *b = channels[1];                                                \
      for (size_t i = 0; i < n; i++) out[i] = (CONVERT(a[i]) + CONVERT(b[i])) * 0.5f;            \
    } else if (count == 2 && stride == 2) {                                                      \
      const T *a = channels[0];                                                                  \
      for (size_t i = 0; i < n; i++)                                                             \
        out[i] = (CONVERT(a[2 * i]) + CONVERT(a[2 * i + 1])) * 0.5f;                             \
    } else {                                                                                     \
      float divisor = (float)count;                                                              \
      for (size_t i = 0; i < n; i++) {                                                           \
        float sum = 0;                                                                           \
        for (int c = 0; c < count; c++)                                                          \
          sum += CONVERT(((const T *)channels[c])[(ptrdiff_t)i * stride]);                       \
        out[i] = sum / divisor;                                                                  \
      }                                                                                          \
    }                                                                                            \
    int bad = 0;                                                                                 \
    for (size_t i = 0; i < n; i++) {                                                             \
      int finite = fabsf(out[i]) <= 3.402823466e38f;                                             \
      out[i] = finite ? out[i] : 0.0f;                                                           \
      bad += !finite;                                                                            \
    }                                                                                            \
    return (size_t)bad;                                                                          \
  }

#define FROM_U8(x) (((float)(x) - 128.0f) * 0x1p-7f)
#define FROM_S16(x) ((float)(x) * 0x1p-15f)
#define FROM_S32(x) ((float)(x) * 0x1p-31f)
#define FROM_S64(x) ((float)(x) * 0x1p-63f)
#define FROM_FLOAT(x) ((float)(x))

DEFINE_MEAN(mean_u8, uint8_t, FROM_U8)
DEFINE_MEAN(mean_s16, int16_t, FROM_S16)
DEFINE_MEAN(mean_s32, int32_t, FROM_S32)
DEFINE_MEAN(mean_f32, float, FROM_FLOAT)
DEFINE_MEAN(mean_f64, double, FROM_FLOAT)
DEFINE_MEAN(mean_s64, int64_t, FROM_S64)

size_t sentio_audio_mean(sentio_sample_type type, const void *const *channels, int channel_count,
                         ptrdiff_t stride, size_t frame_count, float *out) {
  switch (type) {
    case SENTIO_SAMPLE_U8: return mean_u8(channels, channel_count, stride, frame_count, out);
    case SENTIO_SAMPLE_S16: return mean_s16(channels, channel_count, stride, frame_count, out);
    case SENTIO_SAMPLE_S32: return mean_s32(channels, channel_count, stride, frame_count, out);
    case SENTIO_SAMPLE_F32: return mean_f32(channels, channel_count, stride, frame_count, out);
    case SENTIO_SAMPLE_F64: return mean_f64(channels, channel_count, stride, frame_count, out);
    case SENTIO_SAMPLE_S64: return mean_s64(channels, channel_count, stride, frame_count, out);
  }
  return 0;
}

size_t sentio_audio_to_s16(const float *in, size_t count, ptrdiff_t stride, int16_t *out) {
  size_t clipped = 0;
  for (size_t i = 0; i < count; i++) {
    float x = in[i] * 32768.0f;
    int finite = x == x;
    if (!finite) x = 0;
    float limited = x > 32767.0f ? 32767.0f : (x < -32768.0f ? -32768.0f : x);
    clipped += !finite || in[i] > 1.0f || in[i] < -1.0f;
    out[(ptrdiff_t)i * stride] = (int16_t)lrintf(limited);
  }
  return clipped;
}

size_t sentio_audio_to_s32(const float *in, size_t count, ptrdiff_t stride, int bits,
                           int32_t *out) {
  // Double, since a float can't hold the largest 32-bit value.
  double scale = ldexp(1.0, bits - 1), top = scale - 1;
  int shift = 32 - bits;
  size_t clipped = 0;
  for (size_t i = 0; i < count; i++) {
    double x = (double)in[i] * scale;
    int finite = x == x;
    if (!finite) x = 0;
    double limited = x > top ? top : (x < -scale ? -scale : x);
    clipped += !finite || in[i] > 1.0f || in[i] < -1.0f;
    out[(ptrdiff_t)i * stride] = (int32_t)((uint32_t)(int32_t)lrint(limited) << shift);
  }
  return clipped;
}

size_t sentio_audio_to_f32(const float *in, size_t count, ptrdiff_t stride, float *out) {
  size_t replaced = 0;
  for (size_t i = 0; i < count; i++) {
    int finite = fabsf(in[i]) <= 3.402823466e38f;
    replaced += !finite;
    out[(ptrdiff_t)i * stride] = finite ? in[i] : 0.0f;
  }
  return replaced;
}
