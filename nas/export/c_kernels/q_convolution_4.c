/* q_convolution with weights of 4 bits, two to a byte */
static void q_convolution_4(const int8_t *in, shape from, int8_t *out, shape to,
                            const int8_t *weight, const int32_t *bias, const int32_t *mantissa,
                            const int8_t *shift, int zero_in, int zero_out, window w, int groups) {
  const int reads = from.channels / groups, gives = to.channels / groups;
  for (int y = 0; y < to.height; ++y) {
    for (int x = 0; x < to.width; ++x) {
      for (int o = 0; o < to.channels; ++o) {
        const int first = o / gives * reads;
        int32_t sum = bias[o];
        for (int ky = 0; ky < w.height; ++ky) {
          const int iy = y * w.stride - w.pad_y + ky * w.dilation;
          if (iy < 0 || iy >= from.height) continue;
          for (int kx = 0; kx < w.width; ++kx) {
            const int ix = x * w.stride - w.pad_x + kx * w.dilation;
            if (ix < 0 || ix >= from.width) continue;
            const int8_t *values = in + (iy * from.width + ix) * from.channels + first;
            const int tap = ((o * w.height + ky) * w.width + kx) * reads;
            for (int i = 0; i < reads; ++i) {
              sum += (values[i] - zero_in) * q_nibble(weight, tap + i);
            }
          }
        }
        out[(y * to.width + x) * to.channels + o] =
            q_saturated(zero_out + q_scaled(sum, mantissa[o], shift[o]));
      }
    }
  }
}
