/* gate [channels] */
static void scale_channels(const float *in, shape of, float *out, const float *gate) {
  const int positions = of.height * of.width;
  for (int p = 0; p < positions; ++p) {
    for (int c = 0; c < of.channels; ++c) {
      out[p * of.channels + c] = in[p * of.channels + c] * gate[c];
    }
  }
}
