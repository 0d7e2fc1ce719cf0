/* q_depthwise_convolution with weights of 4 bits, two to a byte */
static void q_depthwise_convolution_4(const int8_t *in, shape from, int8_t *out, shape to,
                                      const int8_t *weight, const int32_t *bias,
                                      const int32_t *mantissa, const int8_t *shift, int zero_in,
                                      int zero_out, window w) {
  for (int y = 0; y < to.height; ++y) {
    for (int x = 0; x < to.width; ++x) {
      for (int c = 0; c < to.channels; ++c) {
        int32_t sum = bias[c];
        for (int ky = 0; ky < w.height; ++ky) {
          const int iy = y * w.stride - w.pad_y + ky * w.dilation;
          if (iy < 0 || iy >= from.height) continue;
          for (int kx = 0; kx < w.width; ++kx) {
            const int ix = x * w.stride - w.pad_x + kx * w.dilation;
            if (ix < 0 || ix >= from.width) continue;
            sum += (in[(iy * from.width + ix) * from.channels + c] - zero_in) *
                   q_nibble(weight, (ky * w.width + kx) * to.channels + c);
          }
        }
        out[(y * to.width + x) * to.channels + c] =
            q_saturated(zero_out + q_scaled(sum, mantissa[c], shift[c]));
      }
    }
  }
}
