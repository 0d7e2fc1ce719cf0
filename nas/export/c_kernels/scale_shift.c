/* A batch norm: channel c becomes value * scale[c] + shift[c]. */
static void scale_shift(const float *in, shape of, float *out, const float *scale,
                        const float *shift) {
  const int positions = of.height * of.width;
  for (int p = 0; p < positions; ++p) {
    for (int c = 0; c < of.channels; ++c) {
      out[p * of.channels + c] = in[p * of.channels + c] * scale[c] + shift[c];
    }
  }
}
