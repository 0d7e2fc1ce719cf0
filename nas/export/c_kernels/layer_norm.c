/* Over the channels of each position. */
static void layer_norm(const float *in, shape of, float *out, const float *scale,
                       const float *shift) {
  const int positions = of.height * of.width;
  for (int p = 0; p < positions; ++p) {
    const float *values = in + p * of.channels;
    float mean = 0.0f, variance = 0.0f;
    for (int c = 0; c < of.channels; ++c) mean += values[c];
    mean /= (float)of.channels;
    for (int c = 0; c < of.channels; ++c) variance += (values[c] - mean) * (values[c] - mean);
    const float factor = 1.0f / sqrtf(variance / (float)of.channels + 1e-5f);
    for (int c = 0; c < of.channels; ++c) {
      out[p * of.channels + c] = (values[c] - mean) * factor * scale[c] + shift[c];
    }
  }
}
