/* weight [out channels][height][width][in channels of a group]; bias may be 0 */
static void convolution(const float *in, shape from, float *out, shape to, const float *weight,
                        const float *bias, window w, int groups) {
  const int reads = from.channels / groups, gives = to.channels / groups;
  for (int y = 0; y < to.height; ++y) {
    for (int x = 0; x < to.width; ++x) {
      for (int o = 0; o < to.channels; ++o) {
        const int first = o / gives * reads;
        float sum = bias ? bias[o] : 0.0f;
        for (int ky = 0; ky < w.height; ++ky) {
          const int iy = y * w.stride - w.pad_y + ky * w.dilation;
          if (iy < 0 || iy >= from.height) continue;
          for (int kx = 0; kx < w.width; ++kx) {
            const int ix = x * w.stride - w.pad_x + kx * w.dilation;
            if (ix < 0 || ix >= from.width) continue;
            const float *values = in + (iy * from.width + ix) * from.channels + first;
            const float *taps = weight + ((o * w.height + ky) * w.width + kx) * reads;
            for (int i = 0; i < reads; ++i) sum += values[i] * taps[i];
          }
        }
        out[(y * to.width + x) * to.channels + o] = sum;
      }
    }
  }
}
