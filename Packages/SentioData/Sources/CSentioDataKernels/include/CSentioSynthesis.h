#ifndef CSENTIO_SYNTHESIS_H
#define CSENTIO_SYNTHESIS_H

#include <stddef.h>
#include <stdint.h>

// Every function here gives the same bits on every processor: products and sums are never
// contracted, no reduction is reordered by the vector width, and nothing calls libm.

// Wavetables hold 2^11 samples of one period and a copy of the first one.
#define SENTIO_SYNTH_TABLE_BITS 11

// Reverberator memory, in floats; it starts zeroed.
#define SENTIO_SYNTH_REVERB_MEMORY 16384

// out[i] += level(i) * ((1 - blend(i)) * dark(phase(i)) + blend(i) * bright(phase(i))), level and
// blend being straight lines, phase a 32-bit fraction of a period.
void sentio_synth_wavetable_add(float *out, size_t count, uint32_t phase, uint32_t increment,
                                const float *dark, const float *bright, float level,
                                float level_step, float blend, float blend_step);

// out[i] += level(i) * sine(carrier(i) + index(i) * sine(modulator(i))), index in periods (< 8).
void sentio_synth_fm_add(float *out, size_t count, uint32_t carrier, uint32_t carrier_increment,
                         uint32_t modulator, uint32_t modulator_increment, const float *sine,
                         float level, float level_step, float index, float index_step);

// White noise in [-1, 1): a pure function of seed and position.
void sentio_synth_noise(float *out, size_t count, uint32_t seed, uint32_t position);

// A plucked string, in place: out[0 ..< period + 3] holds the excitation, the rest is written.
// Each sample is the four-tap filter of the samples one period (>= 8) before.
void sentio_synth_pluck(float *out, size_t count, size_t period, const float taps[4]);

// State-variable filter, in place; band: 0 low, 1 band, 2 high. f = 2 sin(pi fc / fs), q = 1/Q.
void sentio_synth_filter(float *samples, size_t count, float f, float q, int band);

// samples[i] *= from + i * step
void sentio_synth_ramp(float *samples, size_t count, float from, float step);

// out[i] += gain(i) * tone[i]; send[i] += share * gain(i) * tone[i], gain being a straight line.
void sentio_synth_mix(float *out, float *send, const float *tone, size_t count, float gain,
                      float gain_step, float share);

// Overdriven amplifier and loudspeaker: out[i] += gain * cabinet(clip(drive * samples[i])).
// samples has 8 readable values before its start.
void sentio_synth_overdrive_add(float *out, const float *samples, size_t count, float drive,
                                float gain);

// Four combs and two all-passes; out[i] += wet * tail(in)[i].
void sentio_synth_reverb_add(float *out, const float *in, size_t count, float *memory,
                             float feedback, float wet);

// Sum of squares in sixteen fixed lanes.
double sentio_synth_energy(const float *samples, size_t count);

// Gain, a tilt of the spectrum (-0.5 dark ... 1 bright), a soft clip at +-1, 16-bit rounding.
// samples has one readable value before its start and one after its end.
void sentio_synth_master(int16_t *out, const float *samples, size_t count, float gain, float tilt);

#endif
