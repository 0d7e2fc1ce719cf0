/* Each channel by itself; weight [height][width][channels]; bias may be 0 */
static void depthwise_convolution(const float *in, shape from, float *out, shape to,
                                  const float *weight, const float *bias, window w) {
  for (int y = 0; y < to.height; ++y) {
    for (int x = 0; x < to.width; ++x) {
      float *sums = out + (y * to.width + x) * to.channels;
      for (int c = 0; c < to.channels; ++c) sums[c] = bias ? bias[c] : 0.0f;
      for (int ky = 0; ky < w.height; ++ky) {
        const int iy = y * w.stride - w.pad_y + ky * w.dilation;
        if (iy < 0 || iy >= from.height) continue;
        for (int kx = 0; kx < w.width; ++kx) {
          const int ix = x * w.stride - w.pad_x + kx * w.dilation;
          if (ix < 0 || ix >= from.width) continue;
          const float *values = in + (iy * from.width + ix) * from.channels;
          const float *taps = weight + (ky * w.width + kx) * to.channels;
          for (int c = 0; c < to.channels; ++c) sums[c] += values[c] * taps[c];
        }
      }
    }
  }
}
