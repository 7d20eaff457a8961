#ifndef SENTIO_CFFMPEG_SHIM_H
#define SENTIO_CFFMPEG_SHIM_H

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/opt.h>

// Macros that Swift can't import, as functions. Everything here builds against FFmpeg 5.1 to 7.

static inline int sentio_averror(int posix) { return AVERROR(posix); }
static inline int sentio_averror_eof(void) { return AVERROR_EOF; }
static inline int sentio_averror_exit(void) { return AVERROR_EXIT; }
static inline int sentio_averror_invalid_data(void) { return AVERROR_INVALIDDATA; }
static inline int64_t sentio_no_timestamp(void) { return AV_NOPTS_VALUE; }
static inline AVRational sentio_microseconds(void) { return (AVRational){1, AV_TIME_BASE}; }

/// The samples that the container tells the decoder to drop before and after a packet's own.
/// Returns 1 when the packet says so.
static inline int sentio_packet_skip(const AVPacket *packet, uint32_t *before, uint32_t *after) {
  size_t size = 0;
  const uint8_t *data = av_packet_get_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, &size);
  *before = 0;
  *after = 0;
  if (!data || size < 8) return 0;
  *before = AV_RL32(data);
  *after = AV_RL32(data + 4);
  return 1;
}

/// Adds `carried` to the samples that a packet says to drop after its own; returns the sum.
static inline uint32_t sentio_packet_carry_discard(AVPacket *packet, uint32_t carried) {
  size_t size = 0;
  uint8_t *data = av_packet_get_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, &size);
  if (!data || size < 8) return carried;
  uint32_t sum = AV_RL32(data + 4) + carried;
  AV_WL32(data + 4, sum);
  return sum;
}

/// Takes back what a packet says to drop after its own samples; returns what it was.
static inline uint32_t sentio_packet_clear_discard(AVPacket *packet) {
  size_t size = 0;
  uint8_t *data = av_packet_get_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, &size);
  if (!data || size < 8) return 0;
  uint32_t discard = AV_RL32(data + 4);
  AV_WL32(data + 4, 0);
  return discard;
}

/// A file that refers to other files or to the network (playlists, manifests) gets nothing.
static inline int sentio_refuse_open(AVFormatContext *s, AVIOContext **pb, const char *url,
                                     int flags, AVDictionary **options) {
  (void)s; (void)pb; (void)url; (void)flags; (void)options;
  return AVERROR(EPERM);
}

static inline void sentio_forbid_nested_files(AVFormatContext *s) {
  s->io_open = sentio_refuse_open;
}

#endif
